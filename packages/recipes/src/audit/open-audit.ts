import { hashOf, withRun } from '@feedprint/pipeline';
import type { Need, Run } from '@feedprint/pipeline';
import type { RunEventInput } from '@feedprint/core';
import { readRatings } from '@feedprint/feedback';
import type { PairColumns, PairFile, RatingFile, TextFile } from '@feedprint/feedback';
import type { Declared } from '@feedprint/probe';
import type { FollowedRun } from '../followed-run.ts';
import type { WrittenReplies } from '../write-replies.ts';
import type { AuditContext } from './context.ts';
import type { ModelRole } from './model-role.ts';
import { assertIndependent } from './independent-groups.ts';
import { preparePairs, textsOfAudit } from './pairs/inputs.ts';
import { partKeys } from './parts.ts';
import type { AuditParts } from './parts.ts';
import { prepare } from './prepare.ts';
import { asksProperties } from './properties/fresh-replies.ts';
import { prepareRatings } from './ratings/prepare-ratings.ts';
import { checkPrediction } from '../predict/check-prediction.ts';
import type { Prediction } from '../predict/schema.ts';
import { readSiblings } from './siblings/read-siblings.ts';
import { checkLayers, parseAuditSettings } from './settings.ts';
import type { AuditSettingsInput } from './settings.ts';

export interface AuditOptions extends FollowedRun {
  /** What `parts.loadModel` loads the models from: folders, files, names. */
  readonly base: string;
  readonly tuned: string;
  /** Other tunings of the base on the same feedback: other seeds, or a clean twin. Default: none. */
  readonly siblings?: readonly string[];
  /**
   * File of texts; see `readTexts` of `@feedprint/feedback`. Default: the texts of the pairs, each prompt with either
   * reply, or of the rated replies.
   */
  readonly texts?: string;
  /** File of preference pairs, to be audited too. */
  readonly pairs?: string;
  /** File of replies that were rated one by one, as KTO takes them, to be audited instead of pairs. */
  readonly ratings?: string;
  /** What the tuner asked for, by name of a property: 1 more of it, 0 no change, -1 less. */
  readonly told?: ReadonlyMap<string, Declared>;
  /** What was predicted before tuning, to be held against what was learned. */
  readonly prediction?: Prediction;
  /** Which of its columns hold what. Default: as in the layouts of public data sets. */
  readonly map?: PairColumns;
  /** How `parts.loadModel` was told to load them, for the run to state. */
  readonly loading?: { readonly adapter?: string; readonly revision?: string };
  /** Folder of the run; an interrupted run in it is continued. */
  readonly out: string;
  /** Whether activations of the texts are kept, for dictionaries; needed by all but the first findings. Default: yes. */
  readonly keepActivations?: boolean;
  /** Replace what a run with other settings published in `out`; stages that both share are kept. Default: refuse. */
  readonly overwrite?: boolean;
  readonly parts: AuditParts;
  readonly settings?: AuditSettingsInput;
  /** The question by which features are classified, if there is a labeler. */
  readonly question?: string;
  /**
   * What else may change the last bits of a number, such as the number of threads: stated in run.json and part of every
   * stage's key.
   */
  readonly environment?: Readonly<Record<string, unknown>>;
  /** Called when the inputs were read and the folder is open, before the first stage. */
  readonly onRead?: (inputs: AuditInputs) => void;
}

/** What an audit reads, so that people can be told what it was taken for. */
export interface AuditInputs {
  readonly texts: TextFile;
  /** Number of texts, as the settings allow. */
  readonly chosen: number;
  /** Token ids of the texts that have two or more. */
  readonly rows: readonly Int32Array[];
  /** Number of texts that were cut to the context. */
  readonly truncated: number;
  readonly pairs?: PairFile;
  readonly ratings?: RatingFile;
  /** The first pairs as the texts that the models see, where these are not those of the file. */
  readonly written?: readonly WrittenReplies[];
}

/** An audit whose inputs are sound and whose run folder is open. */
export interface OpenAudit {
  readonly context: AuditContext;
  readonly run: Run<AuditContext>;
  /** The settings as run.json states them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Loads the models, checks the inputs, opens the run folder and does `work` in it, which takes what `stages` leave. All
 * problems with the inputs are found before the run folder is touched. Models and folder are closed at the end.
 */
export async function withAudit<T>(
  options: AuditOptions,
  stages: readonly Need<AuditContext>[],
  work: (audit: OpenAudit) => Promise<T>,
): Promise<T> {
  const { parts, question, environment = {}, out: folder } = options;
  const settings = parseAuditSettings(options.settings ?? {});
  const { map, signal: stop } = options;
  const pairFile =
    options.pairs === undefined
      ? undefined
      : await parts.preferences.read(options.pairs, { map, signal: stop });
  const ratingFile = options.ratings === undefined ? undefined : await readRatings(options.ratings);
  const texts = await textsOfAudit(
    options.texts,
    { pairs: pairFile, ratings: ratingFile },
    settings,
  );
  return withModels(options, async (models) => {
    checkLayers(options.settings?.layers, models.tuned);
    const { keepActivations = true } = options;
    const prepared = await prepare(parts, settings, models, { texts, keepActivations });
    const siblings = await readSiblings(options, models);
    const pairs = pairFile && preparePairs(pairFile, settings, models.tuned);
    const ratings = ratingFile && prepareRatings(ratingFile, settings, models.tuned);
    if (options.prediction && pairs) {
      checkPrediction(options.prediction, { base: models.base, pairs: pairs.file });
    }
    const context: AuditContext = {
      ...prepared,
      settings,
      parts,
      names: { base: options.base, tuned: options.tuned },
      models,
      siblings,
      pairs,
      ...(ratings && { ratings }),
      ...(options.told && { told: options.told }),
      ...(options.prediction && { prediction: options.prediction }),
      question,
      identity: {
        ...prepared.identity,
        feedprint: options.version,
        environment: hashOf(environment),
      },
    };
    if (pairs && asksProperties(context)) {
      assertIndependent(pairs.groups, { what: 'pairs', file: pairs.file.file });
    }
    const read: AuditInputs = {
      texts,
      chosen: Math.min(texts.texts.length, settings.maxTexts ?? Infinity),
      rows: prepared.rows,
      truncated: prepared.texts.truncated,
      ...(pairFile && { pairs: pairFile }),
      ...(ratingFile && { ratings: ratingFile }),
      ...(pairs && pairs.written.some(({ special }) => !special) && { written: pairs.written }),
    };
    const described = describe(context, options);
    const { command, signal, now, overwrite } = options;
    const onEvent = (event: RunEventInput): void => {
      if (event.type === 'run-started') options.onRead?.(read);
      options.onEvent?.(event);
    };
    return withRun(
      {
        folder,
        description: described,
        stages,
        context,
        worksOn: { base: context.models.base.name, tuned: context.models.tuned.name },
        ...{ command, overwrite, now, signal, onEvent },
      },
      (run) => work({ context, run, settings: described.settings }),
    );
  });
}

async function withModels<T>(
  { parts, base, tuned }: AuditOptions,
  work: (models: AuditContext['models']) => Promise<T>,
): Promise<T> {
  const loaded: Partial<Record<ModelRole, AuditContext['models'][ModelRole]>> = {};
  try {
    loaded.base = await parts.loadModel(base, 'base');
    loaded.tuned = await parts.loadModel(tuned, 'tuned');
    return await work({ base: loaded.base, tuned: loaded.tuned });
  } finally {
    await loaded.tuned?.dispose();
    await loaded.base?.dispose();
  }
}

/** The contents of run.json: everything that determines the result. */
function describe(context: AuditContext, { version, environment }: AuditOptions) {
  const { settings, parts, texts, pairs, ratings, told, prediction, siblings } = context;
  const { identity, question } = context;
  const { feedprint: _version, environment: _environment, ...inputs } = identity;
  return {
    format: 'feedprint-run/1',
    feedprint: version,
    inputs: {
      ...inputs,
      textsFile: texts.file,
      ...(told && {
        told: Object.fromEntries(told),
      }),
      ...(prediction && { prediction: hashOf(prediction) }),
      ...(siblings.length > 0 && { siblings: siblings.map(({ fingerprint }) => fingerprint) }),
      ...(pairs && { pairs: pairs.file.sha256, pairsFile: pairs.file.file }),
      ...(ratings && { ratings: ratings.file.sha256, ratingsFile: ratings.file.file }),
    },
    settings: {
      ...settings,
      ...(parts.signal && { feedback: parts.signal.name }),
      trainer: { name: parts.trainer.name, ...parts.trainer.settings },
      ...(parts.replySignal && { rewarded: parts.replySignal.name }),
      ...(parts.labeler && { labeler: parts.labeler.name }),
      estimators: parts.estimators.map(({ name }) => name),
      ...environment,
    },
    parts: partKeys(parts),
    ...(question !== undefined && { question }),
  };
}
