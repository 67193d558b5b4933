import { join } from 'node:path';
import type { RunEventInput } from '@feedprint/core';
import { runEstimates } from '@feedprint/pipeline';
import type { AuditSettingsInput, Estimates } from '@feedprint/pipeline';
import { scorePlanted } from '@feedprint/probe';
import type { PlantedScores } from '@feedprint/probe';
import { assembleParts } from '../../assemble.ts';
import { vaderQuestion } from '../../labelers.ts';
import { openModel } from '../../model-options.ts';
import type { Preset } from '../../presets.ts';
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

/** How one estimator did on one pair. */
export interface EstimatorScore extends PlantedScores {
  readonly preset: Preset;
  readonly estimator: string;
  /** The same over words that stand in the texts at least 20 times. */
  readonly frequent: PlantedScores;
  /** Of the stages that the estimator rests on. */
  readonly seconds: number;
}

export interface PairScore {
  readonly pair: string;
  readonly base: string;
  readonly texts: string;
  /** Words whose feedback was reversed; 0 for a clean pair. */
  readonly planted: number;
  readonly estimators: readonly EstimatorScore[];
}

/** Texts that a base writes: enough for a few dozen occurrences of most words. */
const TEXTS = 2000;
/** Occurrences from which a word counts as frequent. */
const FREQUENT = 20;

/** Stages whose time is an estimator's own; one that is not named rests on all of them. */
const restsOn: Readonly<Record<string, RegExp>> = {
  'log-ratio': /^capture$/,
  'raw activations': /^(capture|features|untrained)$/,
  'paper probe': /^(capture|sae-.*|contrast)$/,
};

/** Runs every estimator on a pair whose truth is known and scores the words that it says were learned against their feedback. */
export async function benchPair(pair: PlantedPair, bench: PlantedBench): Promise<PairScore> {
  const texts = await textsOf(pair, bench);
  const estimators: EstimatorScore[] = [];
  for (const preset of bench.presets) {
    const estimates = await runEstimates({
      base: pair.base,
      tuned: pair.tuned,
      texts,
      out: join(bench.out, pair.name, preset),
      parts: assembleParts({
        preset,
        labeler: silent,
        threads: bench.threads,
        ...(bench.saeTokens !== undefined && { saeTokens: bench.saeTokens }),
      }),
      settings: { ...bench.settings, preset },
      question: vaderQuestion,
      version,
      environment: { threads: bench.threads, node: process.version },
      signal: bench.signal,
      onEvent: bench.onEvent,
    });
    estimators.push(...scoresOf(estimates, pair, preset));
  }
  const { name, base, planted } = pair;
  return { pair: name, base, texts, planted: planted.size, estimators };
}

function scoresOf(
  { words: found, figures, seconds }: Estimates,
  { planted }: PlantedPair,
  preset: Preset,
): EstimatorScore[] {
  const frequent = new Set(found.filter(({ n }) => n >= FREQUENT).map(({ token }) => token));
  return figures
    .filter(({ control }) => control === null)
    .map(({ estimator, words }) => {
      const judged = words.flatMap(({ token, score, flagged }) =>
        score === null || flagged === null
          ? []
          : [{ token, score, flagged, planted: planted.has(token) }],
      );
      const stages = restsOn[estimator] ?? /./;
      return {
        preset,
        estimator,
        ...scorePlanted(judged),
        frequent: scorePlanted(judged.filter(({ token }) => frequent.has(token))),
        seconds: [...seconds].reduce(
          (sum, [stage, took]) => sum + (stages.test(stage) ? took : 0),
          0,
        ),
      };
    });
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
  explain: () => Promise.resolve(undefined),
  classify: () => Promise.resolve(undefined),
  score: () => Promise.resolve(undefined),
};
