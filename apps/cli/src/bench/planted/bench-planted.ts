import { join } from 'node:path';
import type { RunEventInput } from '@feedprint/core';
import { defaultParts, runEstimates, vaderQuestion } from '@feedprint/recipes';
import type { AuditSettingsInput, Estimates, Preset } from '@feedprint/recipes';
import { labelFreeDiscrepancies, scorePlanted } from '@feedprint/probe';
import type { JudgedWord, PlantedScores } from '@feedprint/probe';
import { openModel } from '../../model-options.ts';
import { createLateFetch } from '../../proxy-fetch.ts';
import { version } from '../../version.ts';
import type { PlantedPair } from './find-pairs.ts';
import { sampleTexts } from './sample-texts.ts';

export interface PlantedBench {
  readonly presets: readonly Preset[];
  /** File of texts for all pairs; else those beside a pair, else texts that its base writes. */
  readonly texts?: string;
  /** Folder of the runs. */
  readonly out: string;
  readonly threads: number;
  readonly settings: AuditSettingsInput;
  /** Activations that each SAE sees in training; the preset's number if left out. */
  readonly saeTokens?: number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEventInput) => void;
}

/** How one method did on one pair. */
export interface MethodScore extends PlantedScores {
  readonly preset: Preset;
  /** An estimator, or a label-free measure of change. */
  readonly method: string;
  readonly kind: 'estimator' | 'label-free';
  /** The same over words that stand in the texts at least 20 times. */
  readonly frequent: PlantedScores;
  /** Of the stages that the method rests on. */
  readonly seconds: number;
}

export interface PairScore {
  readonly pair: string;
  readonly base: string;
  readonly texts: string;
  /** Words whose feedback was reversed; 0 for a clean pair. */
  readonly planted: number;
  readonly methods: readonly MethodScore[];
}

/** Texts that a base writes: enough for a few dozen occurrences of most words. */
const TEXTS = 2000;
/** Occurrences from which a word counts as frequent. */
const FREQUENT = 20;

/** Stages whose time is an estimator's own. */
const restsOn: Readonly<Record<string, RegExp>> = {
  'log-ratio': /^capture$/,
  'raw activations': /^(capture|features|untrained)$/,
  'stated-label probe': /^(capture|sae-.*|features|untrained)$/,
  'paper probe': /^(capture|sae-.*|contrast)$/,
};

/** Runs every estimator on a pair whose truth is known and scores the words that it says were learned against their feedback. */
export async function benchPair(pair: PlantedPair, bench: PlantedBench): Promise<PairScore> {
  const texts = await textsOf(pair, bench);
  const methods: MethodScore[] = [];
  for (const preset of bench.presets) {
    const estimates = await runEstimates({
      base: pair.base,
      tuned: pair.tuned,
      texts,
      out: join(bench.out, pair.name, preset),
      parts: defaultParts({
        preset,
        labeler: silent,
        threads: bench.threads,
        fetch: createLateFetch(process.env),
        ...(bench.saeTokens !== undefined && { saeTokens: bench.saeTokens }),
      }),
      // What is measured without labels rests on no preset.
      settings: {
        ...bench.settings,
        preset,
        ...(preset !== bench.presets[0] && { changeTokens: 0 }),
      },
      question: vaderQuestion,
      version,
      environment: { threads: bench.threads, node: process.version },
      signal: bench.signal,
      onEvent: bench.onEvent,
    });
    methods.push(...scoresOf(estimates, pair, preset));
  }
  const { name, base, planted } = pair;
  return { pair: name, base, texts, planted: planted.size, methods };
}

function scoresOf(estimates: Estimates, { planted }: PlantedPair, preset: Preset): MethodScore[] {
  const { words, figures, changes, seconds } = estimates;
  const stated = new Map(words.map((word) => [word.token, word.stated]));
  const frequent = new Set(words.filter(({ n }) => n >= FREQUENT).map(({ token }) => token));
  const score = (
    method: string,
    kind: MethodScore['kind'],
    judged: readonly (JudgedWord & { readonly token: number })[],
  ): MethodScore => {
    const stages = kind === 'label-free' ? /^changes$/ : (restsOn[method] ?? /./);
    const took = [...seconds].filter(([stage]) => stages.test(stage));
    return {
      preset,
      method,
      kind,
      ...scorePlanted(judged),
      frequent: scorePlanted(judged.filter(({ token }) => frequent.has(token))),
      seconds: took.reduce((sum, [, one]) => sum + one, 0),
    };
  };
  const estimators = figures
    .filter(({ control }) => control === null)
    .map(({ estimator, words: said }) => {
      const judged = said.flatMap(({ token, score: value, flagged }) =>
        value === null ? [] : [{ token, score: value, flagged, planted: planted.has(token) }],
      );
      return score(estimator, 'estimator', judged);
    });
  const methods = [...new Set(changes.map(({ method }) => method))].map((method) => {
    const said = changes.filter((change) => change.method === method && stated.has(change.token));
    const contradictions = labelFreeDiscrepancies(
      said.map(({ value }) => value),
      said.map(({ token }) => stated.get(token) ?? 0),
      { signed: said[0]?.signed ?? true },
    );
    const judged = said.map(({ token }, i) => ({
      token,
      score: contradictions[i] as number,
      flagged: null,
      planted: planted.has(token),
    }));
    return score(method, 'label-free', judged);
  });
  return [...estimators, ...methods];
}

async function textsOf(pair: PlantedPair, bench: PlantedBench): Promise<string> {
  const given = bench.texts ?? pair.texts;
  if (given !== undefined) return given;
  const file = join(bench.out, pair.name, 'texts.jsonl');
  const base = await openModel(pair.base, { threads: bench.threads });
  try {
    await sampleTexts(base, file, { texts: TEXTS, seed: bench.settings.seed ?? 0 });
  } finally {
    await base.dispose();
  }
  return file;
}

/** The estimates need no labels. */
const silent = {
  name: 'none',
  settings: {},
  explain: () => Promise.resolve(undefined),
  classify: () => Promise.resolve(undefined),
  score: () => Promise.resolve(undefined),
};
