import { basename, join, resolve } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { AuditReport, LanguageModel, RunEventInput, RunStore } from '@feedprint/core';
import { hashOf } from '../canonical-json.ts';
import { createRunStore } from '../run-store/run-store.ts';
import { createStageRunner } from '../stages.ts';
import { readTexts } from '../texts/read-texts.ts';
import type { Texts } from '../texts/read-texts.ts';
import { assembleReport } from './assemble-report.ts';
import { attributeStage } from './attribute.ts';
import { captureStage } from './capture.ts';
import { roles, saeName, sizes } from './context.ts';
import type { AuditArtifacts, AuditContext, Site } from './context.ts';
import { contrastStage } from './contrast.ts';
import { estimateStage } from './estimate.ts';
import { featuresStage } from './features.ts';
import { writeJson } from './files.ts';
import { labelStage } from './label.ts';
import { matchStage } from './match.ts';
import type { AuditParts } from './parts.ts';
import { prepare } from './prepare.ts';
import type { Prepared } from './prepare.ts';
import { parseAuditSettings } from './settings.ts';
import type { AuditSettings, AuditSettingsInput } from './settings.ts';
import { writeTables } from './tables.ts';
import { trainSaeStages } from './train-saes.ts';
import { validateStage } from './validate.ts';

export interface AuditOptions {
  /** Checkpoint folders. */
  readonly base: string;
  readonly tuned: string;
  /** File of texts; see `readTexts`. */
  readonly texts: string;
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
  /** Called with every event as it is written. */
  readonly onEvent?: (event: RunEventInput) => void;
}

export interface AuditResult {
  readonly report: AuditReport;
  /** Absolute path of report.html. */
  readonly html: string;
}

/**
 * Audits what a tuned model learned from its feedback (DESIGN, section 5), from two checkpoints to a report. Everything
 * that can be wrong with the inputs is found before the run folder is touched. Stages that an earlier start of the same
 * run finished are taken over, so that a killed run ends with the same bytes.
 */
export async function runAudit(options: AuditOptions): Promise<AuditResult> {
  const { parts, now = () => new Date() } = options;
  const settings = parseAuditSettings(options.settings ?? {});
  const texts = await readTexts(options.texts);
  const base = await parts.loadModel(options.base, 'base');
  try {
    const tuned = await parts.loadModel(options.tuned, 'tuned');
    try {
      const prepared = await prepare(parts, settings, { base, tuned }, texts);
      const store = observed(await createRunStore({ folder: options.out, now }), options.onEvent);
      try {
        return await runStages({
          options,
          settings,
          texts,
          prepared,
          models: { base, tuned },
          store,
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

interface Started {
  readonly options: AuditOptions;
  readonly settings: AuditSettings;
  readonly texts: Texts;
  readonly prepared: Prepared;
  readonly models: { readonly base: LanguageModel; readonly tuned: LanguageModel };
  readonly store: RunStore;
  readonly now: () => Date;
}

async function runStages(started: Started): Promise<AuditResult> {
  const { options, settings, texts, prepared, models, store, now } = started;
  const { parts } = options;
  const name = basename(resolve(options.out));
  const context: AuditContext = {
    settings,
    parts,
    models,
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
  store.append({ type: 'run-started', name, stages: stageNames(prepared.sites) });
  const described = describe(started);
  await store.publish('run.json', `${JSON.stringify(described, null, 2)}\n`);

  await context.runner.run({
    name: 'diverge',
    config: { identity: context.identity, layers: settings.layers },
    inputs: [],
    work: (folder) => writeJson(folder, 'divergence.json', prepared.divergence),
  });
  const capture = await captureStage(context);
  const saes = await trainSaeStages(context, capture);
  const match = await matchStage(context, saes);
  const features = await featuresStage(context, capture, saes);
  const contrast = await contrastStage(context, saes);
  const estimate = await estimateStage(context, prepared.occurrences, {
    capture,
    features,
    contrast,
  });
  const attribute = await attributeStage(context, { capture, match, saes });
  const label = await labelStage(context, { attribute, saes }, options.question);
  const validate = await validateStage(context, { capture, attribute, label, saes });
  const artifacts: AuditArtifacts = {
    capture,
    saes,
    match,
    attribute,
    features,
    contrast,
    estimate,
    label,
    validate,
  };

  const report = await assembleReport(context, artifacts, {
    feedprint: options.version,
    name,
    createdAt: now().toISOString(),
    seconds: await stageSeconds(store),
    parameters: countParameters(models.tuned),
    textsFile: texts.file,
    truncated: prepared.truncated,
    unscoredWords: prepared.unscoredWords,
    scoredTokens: prepared.occurrences.reduce((sum, count) => sum + count, 0),
    divergence: prepared.divergence,
    settings: described.settings,
  });
  await writeTables(report, store.folder);
  await store.publish('report.json', `${JSON.stringify(report, null, 1)}\n`);
  await store.publish('report.html', parts.renderReport(report));
  store.append({ type: 'run-finished' });
  return { report, html: join(store.folder, 'report.html') };
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

function describe({ options, settings, texts, prepared }: Started) {
  const { parts } = options;
  return {
    format: 'feedprint-run/1',
    feedprint: options.version,
    inputs: { ...prepared.identity, textsFile: texts.file },
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

const stageNames = (sites: readonly Site[]): string[] => [
  'diverge',
  'capture',
  ...sites.flatMap((site) =>
    roles.flatMap((role) => sizes.map((size) => saeName(role, size, site))),
  ),
  'match',
  'features',
  'contrast',
  'estimate',
  'attribute',
  'label',
  'validate',
];

function countParameters(model: LanguageModel): number {
  let count = 0;
  for (const { data } of model.parameters()) count += data.length;
  return count;
}

/** Seconds spent in stages that finished, over all starts of the run. */
async function stageSeconds(store: RunStore): Promise<number> {
  const started = new Map<string, number>();
  let milliseconds = 0;
  for await (const event of store.events()) {
    if (event.type === 'stage-started') started.set(event.stage, Date.parse(event.at));
    if (event.type === 'stage-finished' && !event.reused) {
      milliseconds += Date.parse(event.at) - (started.get(event.stage) ?? Date.parse(event.at));
    }
  }
  return milliseconds / 1000;
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
