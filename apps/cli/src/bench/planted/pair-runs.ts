import { basename, join } from 'node:path';
import type { LanguageModel, RunEventInput } from '@feedprint/core';
import { hashOf } from '@feedprint/pipeline';
import { createVaderSignal } from '@feedprint/feedback';
import { defaultParts, measureWords, runEstimates, vaderQuestion } from '@feedprint/recipes';
import type {
  AuditOptions,
  AuditSettingsInput,
  Estimates,
  MeasuredWords,
  Preset,
} from '@feedprint/recipes';
import { openModel } from '../../model-options.ts';
import { createLateFetch } from '../../proxy-fetch.ts';
import { version } from '../../version.ts';
import type { PlantedPair } from './find-pairs.ts';
import type { PlaceboModel } from './placebo-models.ts';

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
  /** Leaves out whatever needs a dictionary. */
  readonly quick: boolean;
  /** Whether models are made that cannot have learned the feedback. */
  readonly placebos: boolean;
  /** Texts that each model writes, for rates of words; 0 for none. */
  readonly samples: number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEventInput) => void;
  /** Says what is being done. */
  readonly say: (what: string) => void;
}

/** A pair and the texts that its models are compared on. */
export interface PairOnTexts {
  readonly pair: PlantedPair;
  readonly texts: string;
}

const runOptions = (
  { pair, texts }: PairOnTexts,
  bench: PlantedBench,
  preset: Preset,
): AuditOptions => ({
  base: pair.base,
  tuned: pair.tuned,
  texts,
  out: join(bench.out, pair.name, preset),
  parts: defaultParts({
    preset,
    signal: createVaderSignal(),
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

/** What the models' probabilities say of the words: the beginning of the first preset's run. */
export const measurePair = (one: PairOnTexts, bench: PlantedBench): Promise<MeasuredWords> =>
  measureWords(runOptions(one, bench, bench.presets[0] as Preset));

/** What every estimator and label-free method says. */
export const estimatePair = (
  one: PairOnTexts,
  bench: PlantedBench,
  preset: Preset,
): Promise<Estimates> => runEstimates(runOptions(one, bench, preset));

/** Folder of a placebo's run: one per pair, or one per base and texts. */
export const placeboFolder = (
  { pair, texts }: PairOnTexts,
  placebo: PlaceboModel,
  out: string,
): string => {
  const name = placebo.name.replaceAll(/[^\w.]+/g, '-');
  const ofBase = `${basename(pair.base)}-${hashOf([pair.base, texts]).slice(0, 8)}`;
  return placebo.ofTuned
    ? join(out, pair.name, 'placebos', name)
    : join(out, 'placebos', ofBase, name);
};

/** What they say if a placebo stands in the tuned model's place. */
export async function measurePlacebo(
  one: PairOnTexts,
  bench: PlantedBench,
  placebo: PlaceboModel,
  rows: readonly Int32Array[],
): Promise<MeasuredWords> {
  const options = runOptions(one, bench, 'default');
  const { loadModel } = options.parts;
  let base: LanguageModel;
  return measureWords({
    ...options,
    tuned: `${one.pair.base} (${placebo.name})`,
    out: placeboFolder(one, placebo, bench.out),
    settings: { ...options.settings, layers: 1 },
    parts: {
      ...options.parts,
      async loadModel(name, role) {
        if (role === 'base') return (base = await loadModel(name, role));
        const opened: LanguageModel[] = [];
        const tuned = async (): Promise<LanguageModel> => {
          const model = await loadModel(one.pair.tuned, 'tuned');
          opened.push(model);
          return model;
        };
        try {
          return await placebo.make({ base, tuned, texts: rows });
        } finally {
          for (const model of opened) await model.dispose();
        }
      },
    },
  });
}

/** Opens a model of a pair outside any run. */
export const openOf = (name: string, { threads }: PlantedBench): Promise<LanguageModel> =>
  openModel(name, { threads });

/** The estimates need no labels. */
const silent = {
  name: 'none',
  settings: {},
  explain: () => Promise.resolve(undefined),
  classify: () => Promise.resolve(undefined),
  score: () => Promise.resolve(undefined),
};
