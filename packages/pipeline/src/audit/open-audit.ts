import { basename, resolve } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { PairFile, RunEventInput, RunStore, TextFile } from '@feedprint/core';
import { hashOf } from '../canonical-json.ts';
import { createRunStore } from '../run-store/run-store.ts';
import { createStageRunner } from '../stages.ts';
import type { AuditContext } from './context.ts';
import type { AuditParts } from './parts.ts';
import { chooseTexts, preparePairs } from './preferences/inputs.ts';
import type { PreparedPairs } from './preferences/inputs.ts';
import { prepare } from './prepare.ts';
import type { Prepared } from './prepare.ts';
import { parseAuditSettings } from './settings.ts';
import type { AuditSettings, AuditSettingsInput } from './settings.ts';

export interface AuditOptions {
  /** Checkpoint folders. */
  readonly base: string;
  readonly tuned: string;
  /** File of texts, as `AuditParts.readTexts` takes it. Left out: the pairs, each prompt with either reply. */
  readonly texts?: string;
  /** File of preference pairs, to be audited too. */
  readonly pairs?: string;
  /** Folder of the run; an interrupted run in it continues. */
  readonly out: string;
  readonly parts: AuditParts;
  readonly settings?: AuditSettingsInput;
  /** What features are classified by. */
  readonly question: string;
  /** Version that the report names. */
  readonly version: string;
  /** What else may change the last bits of a number, such as threads: stated in run.json and part of every stage's key. */
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly now?: () => Date;
  readonly signal?: AbortSignal;
  /** Called when the inputs were read, before the first stage. */
  readonly onRead?: (inputs: AuditInputs) => void;
  /** Called with every event as it is written. */
  readonly onEvent?: (event: RunEventInput) => void;
}

/** What an audit reads, so that people can be told what it was taken for. */
export interface AuditInputs {
  readonly texts: TextFile;
  /** Texts that the settings allow. */
  readonly chosen: number;
  /** Token ids of those that have two or more. */
  readonly rows: readonly Int32Array[];
  /** Texts that were cut to the context. */
  readonly truncated: number;
  readonly pairs?: PairFile;
}

/** An audit whose inputs are sound and whose run folder is open. */
export interface OpenAudit {
  readonly options: AuditOptions;
  /** Of the run folder. */
  readonly name: string;
  readonly texts: TextFile;
  readonly prepared: Prepared;
  readonly pairs: PreparedPairs | undefined;
  readonly context: AuditContext;
  readonly store: RunStore;
  /** The settings as run.json states them. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly now: () => Date;
}

/**
 * Loads the models, checks the inputs, opens the run folder and does `work` in it, which runs the stages named by `stages`.
 * Everything that can be wrong with the inputs is found before the run folder is touched. Models and folder are closed at
 * the end; a failure is kept in the run's events.
 */
export async function withAudit<T>(
  options: AuditOptions,
  stages: (audit: Pick<OpenAudit, 'context' | 'pairs'>) => string[],
  work: (audit: OpenAudit) => Promise<T>,
): Promise<T> {
  const { parts, now = () => new Date() } = options;
  const settings = parseAuditSettings(options.settings ?? {});
  const pairFile =
    options.pairs === undefined ? undefined : await parts.preferences.read(options.pairs);
  const texts = await chooseTexts(
    parts,
    { path: options.texts, limit: settings.maxTexts },
    pairFile,
  );
  const base = await parts.loadModel(options.base, 'base');
  try {
    const tuned = await parts.loadModel(options.tuned, 'tuned');
    try {
      const prepared = await prepare(parts, settings, { base, tuned }, texts);
      const pairs = pairFile && preparePairs(pairFile, settings, tuned);
      const store = observed(await createRunStore({ folder: options.out, now }), options.onEvent);
      try {
        const name = basename(resolve(options.out));
        const described = describe({ options, settings, texts, prepared, pairs });
        const context: AuditContext = {
          settings,
          parts,
          models: { base, tuned },
          rows: prepared.rows,
          words: prepared.words,
          lexicon: prepared.lexicon,
          triples: prepared.triples,
          sites: prepared.sites,
          identity: {
            ...prepared.identity,
            feedprint: options.version,
            environment: hashOf(options.environment ?? {}),
          },
          runner: createStageRunner({ store, ...(options.signal && { signal: options.signal }) }),
        };
        const { rows, truncated } = prepared;
        const chosen = Math.min(texts.texts.length, settings.maxTexts ?? Infinity);
        options.onRead?.({ texts, chosen, rows, truncated, ...(pairFile && { pairs: pairFile }) });
        store.append({ type: 'run-started', name, stages: stages({ context, pairs }) });
        await store.publish('run.json', `${JSON.stringify(described, null, 2)}\n`);
        return await work({
          options,
          name,
          texts,
          prepared,
          pairs,
          context,
          store,
          settings: described.settings,
          now,
        });
      } catch (error) {
        store.append(failure(error));
        throw error;
      } finally {
        await store.close();
      }
    } finally {
      await tuned.dispose();
    }
  } finally {
    await base.dispose();
  }
}

/** A store that also tells a listener what it appends. */
function observed(store: RunStore, onEvent: AuditOptions['onEvent']): RunStore {
  if (!onEvent) return store;
  return {
    folder: store.folder,
    find: (stage, key) => store.find(stage, key),
    create: (stage, key, write) => store.create(stage, key, write),
    publish: (name, content) => store.publish(name, content),
    events: () => store.events(),
    close: () => store.close(),
    append: (event) => {
      store.append(event);
      onEvent(event);
    },
  };
}

interface Described {
  readonly options: AuditOptions;
  readonly settings: AuditSettings;
  readonly texts: TextFile;
  readonly prepared: Prepared;
  readonly pairs: PreparedPairs | undefined;
}

function describe({ options, settings, texts, prepared, pairs }: Described) {
  const { parts } = options;
  return {
    format: 'feedprint-run/1',
    feedprint: options.version,
    inputs: {
      ...prepared.identity,
      textsFile: texts.file,
      ...(pairs && { pairs: pairs.file.sha256, pairsFile: pairs.file.file }),
    },
    settings: {
      ...settings,
      feedback: parts.signal.name,
      trainer: { name: parts.trainer.name, ...parts.trainer.settings },
      labeler: parts.labeler.name,
      estimators: parts.estimators.map(({ name }) => name),
      ...options.environment,
    },
  };
}

function failure(error: unknown): { type: 'run-failed'; code: string; message: string } {
  if (FeedprintError.is(error))
    return { type: 'run-failed', code: error.code, message: error.message };
  return {
    type: 'run-failed',
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
  };
}
