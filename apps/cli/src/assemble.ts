import {
  createShardedStoreFormat,
  directEffects,
  findOnnxFile,
  measureChanges,
  mostChanged,
  parameterDivergence,
  principalDirections,
  tokenShift,
} from '@feedprint/activations';
import type { FeedbackSignal, Labeler, Part } from '@feedprint/core';
import {
  contrastiveTriples,
  readPreferencePairs,
  createVaderSignal,
  scoredTokens,
} from '@feedprint/feedback';
import type { Device } from '@feedprint/graph';
import type { AuditParts } from '@feedprint/recipes';
import {
  createAuditStatistics,
  createLogRatioEstimator,
  createPaperProbeEstimator,
  createPreferenceStatistics,
  createRawActivationsEstimator,
  createStatedProbeEstimator,
  summarizeShift,
} from '@feedprint/probe';
import {
  createChangeDictionaries,
  createOnnxTrainer,
  createSaeLensFormat,
  evaluateInModel,
  evaluateSae,
  maxCosineMatch,
  randomizeSae,
} from '@feedprint/sae';
import { openModel } from './model-options.ts';
import type { Preset } from './presets.ts';
import { trainerOptions } from './presets.ts';

export interface PartsOptions {
  readonly preset: Preset;
  /** What the tuner rewarded. Default: VADER. */
  readonly signal?: FeedbackSignal<'token'>;
  readonly labeler: Labeler;
  readonly threads: number;
  /** Where models run and SAEs train. Default: the CPU. */
  readonly device?: Device;
  /** Branch, tag or commit, for models named as the hub names them. */
  readonly revision?: string;
  /** Take hub models from the cache alone. */
  readonly offline?: boolean;
  /** LoRA adapter that makes the tuned model. */
  readonly adapter?: string;
  /** Activations that each SAE sees in training; the preset's number if left out. */
  readonly saeTokens?: number;
}

/** A part without settings. */
const plain = (name: string): Part => ({ name, settings: {} });

/** Rows that the dictionaries of changes see in training at most. */
const CHANGE_ROWS = 100_000;

/** The implementations that the command line puts together. */
export function assembleParts({
  preset,
  signal = createVaderSignal(),
  labeler,
  threads,
  device = 'cpu',
  revision,
  offline = false,
  adapter,
  saeTokens,
}: PartsOptions): AuditParts {
  const ofBase = { threads, device, offline, ...(revision !== undefined && { revision }) };
  const ofTuned = { ...ofBase, ...(adapter !== undefined && { adapter }) };
  const trainer = createOnnxTrainer({
    ...trainerOptions[preset],
    ...(saeTokens !== undefined && { tokens: saeTokens }),
    threads,
    device,
  });
  return {
    loadModel: (name, role) => openModel(name, role === 'tuned' ? ofTuned : ofBase),
    untrained: {
      ...plain('random weights'),
      load: async (name, seed) =>
        findOnnxFile(name) !== undefined
          ? undefined
          : openModel(name, { ...ofTuned, untrained: { seed } }),
    },
    divergence: { ...plain('parameters'), measure: parameterDivergence },
    activations: createShardedStoreFormat(),
    trainer,
    saeFormat: createSaeLensFormat({ threads }),
    saeMetrics: { ...plain('default'), onRows: evaluateSae, inModel: evaluateInModel },
    matcher: { ...plain('max-cosine'), match: maxCosineMatch },
    randomizer: { ...plain('permuted units'), randomize: randomizeSae },
    signal,
    scoredWords: scoredTokens,
    triples: { ...plain('substituted words'), make: contrastiveTriples },
    estimators: [
      createLogRatioEstimator(),
      createStatedProbeEstimator(),
      createPaperProbeEstimator(),
      createRawActivationsEstimator(),
    ],
    statistics: createAuditStatistics(),
    changes: {
      ...plain('activations and predictions'),
      measure: measureChanges,
      mostChanged,
      principalDirections,
      directEffects,
      dictionaries: createChangeDictionaries({
        trainer,
        tokens: Math.min(saeTokens ?? CHANGE_ROWS, CHANGE_ROWS),
      }),
    },
    preferences: {
      read: (path) => readPreferencePairs(path),
      statistics: createPreferenceStatistics(),
    },
    shift: {
      ...plain('greedy tokens'),
      measure: tokenShift,
      summarize: (tokens, options) => summarizeShift(tokens, { ...options, trace: true }),
    },
    labeler,
  };
}
