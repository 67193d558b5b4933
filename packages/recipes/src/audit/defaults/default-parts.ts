import {
  componentDivergence,
  createShardedStoreFormat,
  directEffects,
  exchangeParameters,
  findOnnxFile,
  loadModel,
  measureChanges,
  mostChanged,
  parameterDivergence,
  parameterGroups,
  principalDirections,
  tokenShift,
} from '@feedprint/activations';
import type { FeedbackSignal, Labeler, LanguageModel, Part } from '@feedprint/core';
import {
  contrastiveTriples,
  scoredTokens,
  standardEdits,
  standardProperties,
} from '@feedprint/feedback';
import { checkDevice } from '@feedprint/graph';
import type { Device } from '@feedprint/graph';
import {
  createAuditStatistics,
  createLogRatioEstimator,
  createPaperProbeEstimator,
  createPreferenceStatistics,
  createRawActivationsEstimator,
  createStatedProbeEstimator,
  judgeProperties,
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
import { readNamedPairs } from '../../read-named-pairs.ts';
import type { AuditParts } from '../parts.ts';
import { createPlacebos } from '../placebos/measure-placebos.ts';
import { createDescribedFinder } from '../properties/found/described-finder.ts';
import type { DescribedFinderOptions } from '../properties/found/described-finder.ts';
import { createDifferenceFinder } from '../properties/found/difference-finder.ts';
import type { Preset } from '../settings.ts';
import type { ReplySignal } from '../told/reply-signal.ts';
import { trainerOptions } from './trainer-options.ts';

/** Parts that take the place of the default ones, by name; the feedback is given as such. */
export type ReplacedParts = Partial<Omit<AuditParts, 'signal' | 'replySignal'>>;

export interface DefaultPartsOptions {
  /** How SAEs are trained. Default: `default`. */
  readonly preset?: Preset;
  /** What is stated of single words. Default: nothing. */
  readonly signal?: FeedbackSignal<'token'>;
  /** What was rewarded of whole replies. Default: nothing is told of them. */
  readonly replySignal?: ReplySignal;
  /** Explains features; needed where there is a signal. */
  readonly labeler?: Labeler;
  /** Threads inside one operator. Default: onnxruntime's choice. */
  readonly threads?: number;
  /** Where models run and SAEs train. Default: `cpu`. */
  readonly device?: Device;
  /** Branch, tag or commit, for models named as the hub names them. */
  readonly revision?: string;
  /** Take hub models from the cache alone. */
  readonly offline?: boolean;
  /** LoRA adapter that makes the tuned model. */
  readonly adapter?: string;
  /** Activations that each SAE sees in training; the preset's number if left out. */
  readonly saeTokens?: number;
  /** Features of a signed SAE of what the replies of pairs differ in, judged as properties. Default: none. */
  readonly differenceFeatures?: number;
  /** Chat models that find properties in words. Default: none are looked for. */
  readonly described?: DescribedFinderOptions;
  /** Reaches the hub. */
  readonly fetch?: typeof fetch;
  /** What takes the place of default parts. A trainer also trains the dictionaries of changes. */
  readonly parts?: ReplacedParts;
}

/** A part without settings. */
const plain = (name: string): Part => ({ name, settings: {} });

/** Rows that the dictionaries of changes see in training at most. */
const CHANGE_ROWS = 100_000;

/** The implementations that an audit is put together from, but for those that are given. */
export function defaultParts({
  preset = 'default',
  signal,
  replySignal,
  labeler,
  threads,
  device = 'cpu',
  revision,
  offline = false,
  adapter,
  saeTokens,
  differenceFeatures = 0,
  described,
  fetch,
  parts = {},
}: DefaultPartsOptions): AuditParts {
  const onThreads = threads !== undefined && { threads };
  const hub = {
    ...(fetch && { fetch }),
    ...(revision !== undefined && { revision }),
    ...(offline && { offline }),
  };
  // A revision is that of models: a data set has its own in its name.
  const ofData = { ...(fetch && { fetch }), ...(offline && { offline }) };
  const open = async (
    name: string,
    options: { readonly adapter?: string; readonly untrained?: { readonly seed: number } } = {},
  ): Promise<LanguageModel> => {
    await checkDevice(device);
    return loadModel(name, { ...onThreads, device, hub, ...options });
  };
  const ofTuned = adapter !== undefined && { adapter };
  const trainer =
    parts.trainer ??
    createOnnxTrainer({
      ...trainerOptions[preset],
      ...(saeTokens !== undefined && { tokens: saeTokens }),
      ...onThreads,
      device,
    });
  return {
    loadModel: (name, role) => open(name, role === 'tuned' ? { ...ofTuned } : {}),
    untrained: {
      ...plain('random weights'),
      load: async (name, seed) =>
        findOnnxFile(name) !== undefined
          ? undefined
          : open(name, { ...ofTuned, untrained: { seed } }),
    },
    divergence: {
      ...plain('parameters'),
      ...{ measure: parameterDivergence, components: componentDivergence },
    },
    activations: createShardedStoreFormat(),
    trainer,
    saeFormat: createSaeLensFormat({ ...onThreads }),
    saeMetrics: { ...plain('default'), onRows: evaluateSae, inModel: evaluateInModel },
    matcher: { ...plain('max-cosine'), match: maxCosineMatch },
    randomizer: { ...plain('permuted units'), randomize: randomizeSae },
    ...(signal && { signal }),
    ...(replySignal && { replySignal }),
    scoredWords: scoredTokens,
    triples: { ...plain('substituted words'), make: contrastiveTriples },
    estimators: [
      createLogRatioEstimator(),
      createStatedProbeEstimator(),
      createPaperProbeEstimator(),
      createRawActivationsEstimator(),
    ],
    statistics: createAuditStatistics(),
    placebos: createPlacebos(),
    properties: {
      ...plain('measured properties'),
      measured: (tokenizer) => standardProperties({ tokenizer }),
      edits: standardEdits,
      finders: [
        ...(differenceFeatures > 0
          ? [createDifferenceFinder({ features: differenceFeatures })]
          : []),
        ...(described ? [createDescribedFinder(described)] : []),
      ],
      judge: judgeProperties,
    },
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
      read: (name, options) => readNamedPairs(name, { ...options, hub: ofData }),
      statistics: createPreferenceStatistics(),
    },
    shift: {
      ...plain('greedy tokens'),
      measure: tokenShift,
      summarize: (tokens, options) => summarizeShift(tokens, { ...options, trace: true }),
    },
    exchange: {
      ...plain('parts of the model'),
      groups: parameterGroups,
      exchange: exchangeParameters,
    },
    ...(labeler && { labeler }),
    ...parts,
  };
}
