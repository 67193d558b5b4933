import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { CheckpointModel } from '@feedprint/activations';
import type { FeedbackSignal, Property, RunEventInput } from '@feedprint/core';
import { scoredTokens } from '@feedprint/feedback';
import { hashOf, withRun } from '@feedprint/pipeline';
import { removeCheckpoints } from '../sae/checkpoints.ts';
import type { PlantContext } from './context.ts';
import { feedbackFile, nothingPlanted } from './feedback-file.ts';
import { publishModel } from './publish.ts';
import { plantSettingsSchema } from './settings.ts';
import type { PlantSettingsInput } from './settings.ts';
import { plan } from './stages/plan.ts';
import { cleanTwin, tuned } from './stages/tuned.ts';
import type { TunedModel } from './stages/tuned.ts';
import { writtenByBase, writtenByTuned, writtenByTwin } from './stages/written.ts';

export interface PlantOptions {
  readonly base: CheckpointModel;
  /** Stated feedback on tokens. */
  readonly signal: FeedbackSignal<'token'>;
  readonly settings: PlantSettingsInput;
  /** Token ids of the texts that prompts are cut from. Default: prompts are what the base begins with. */
  readonly texts?: readonly ArrayLike<number>[];
  /** What is measured of replies; those that are rewarded must be among them. */
  readonly properties?: readonly Property[];
  /** Folder of the tuned model; the run is kept in `run` below it, and an interrupted one continues. */
  readonly out: string;
  readonly threads?: number;
  readonly version: string;
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly now?: () => Date;
  readonly abort?: AbortSignal;
  readonly onEvent?: (event: RunEventInput) => void;
}

/** A model with its truth beside it. */
export interface PlantedModel {
  readonly folder: string;
  readonly truth: unknown;
  /** The twin's folder, if it was asked for. */
  readonly cleanTwin: string | undefined;
}

const needs = { plan, tuned, cleanTwin, writtenByBase, writtenByTuned, writtenByTwin };

/**
 * Tunes a model on feedback that is altered in known places, and writes it with its truth, as a Hugging Face folder that `bench planted` reads. Problems
 * with settings and inputs are found before the folder is touched: throws `usage`, `config-invalid`, `feedback-empty`, `texts-invalid`; then `run-invalid`,
 * `output-unwritable`, `numbers-invalid`, `cancelled`.
 */
export async function plantFeedback(options: PlantOptions): Promise<PlantedModel> {
  const { out, version, now, abort, onEvent } = options;
  const context = await prepare(options);
  const { settings, identity } = context;
  checkIsOurs(out);
  return withRun(
    {
      folder: join(out, 'run'),
      name: basename(resolve(out)),
      description: {
        format: 'feedprint-planting/1',
        feedprint: version,
        inputs: identity,
        settings,
      },
      stages: Object.values(needs),
      context,
      ...(now && { now }),
      ...(abort && { signal: abort }),
      ...(onEvent && { onEvent }),
    },
    async (run) => {
      await run.finish();
      await removeCheckpoints(run.store);
      const made = await run.outputs(needs);
      const [twin] = made.cleanTwin as readonly (TunedModel | undefined)[];
      const [writtenTwin] = made.writtenByTwin;
      const base = made.writtenByBase;
      const truth = feedbackFile({
        ...{ context, plan: made.plan, model: made.tuned },
        written: { base, tuned: made.writtenByTuned, cleanTwin: writtenTwin },
      });
      const pairs = made.plan.pairsFile;
      await publishModel(out, { model: made.tuned.folder, truth, pairs });
      if (!twin || !writtenTwin) return { folder: out, truth, cleanTwin: undefined };
      const folder = twinFolder(out);
      const ofTwin = feedbackFile({
        ...{ context, plan: nothingPlanted(made.plan), model: twin },
        written: { base, tuned: writtenTwin },
      });
      await publishModel(folder, { model: twin.folder, truth: ofTwin });
      return { folder: out, truth, cleanTwin: folder };
    },
  );
}

/** The clean twin lies inside, under a name of its own, since the benchmark tells pairs apart by their folders' names. */
const twinFolder = (out: string): string => join(out, `${basename(resolve(out))}-clean`);

/** Checks everything that can be wrong before anything is written. */
async function prepare(options: PlantOptions): Promise<PlantContext> {
  const { base, signal, texts = [], properties = [], threads, version, environment = {} } = options;
  const settings = plantSettingsSchema.parse(options.settings);
  const scored = await scoredTokens(base.tokenizer, signal);
  if (scored.length === 0) {
    throw new FeedprintError({
      code: 'feedback-empty',
      message: `${signal.name} scores no token of the vocabulary of ${base.name}`,
      remedy: 'use feedback on words that are single tokens of this model',
    });
  }
  const { promptTokens, replyTokens } = settings;
  if (promptTokens + replyTokens > base.info.contextLength) {
    throw new FeedprintError({
      code: 'config-invalid',
      message: `${promptTokens} tokens of a prompt and ${replyTokens} of a reply are more than the context of ${base.info.contextLength}`,
      remedy: 'make them shorter',
    });
  }
  checkProperties(settings.properties, properties);
  const usable = texts.filter(({ length }) => length >= promptTokens);
  if (texts.length > 0 && usable.length === 0) {
    throw new FeedprintError({
      code: 'texts-invalid',
      message: `none of the ${texts.length} texts has ${promptTokens} tokens`,
      remedy: 'give longer texts, or make prompts shorter',
    });
  }
  return {
    ...{ base, settings, scored, properties, threads },
    signal: signal.name,
    texts: usable,
    contextToken: contextTokenOf(base, settings.context),
    identity: {
      ...{ feedprint: version, environment, threads },
      base: base.fingerprint,
      tokenizer: base.tokenizer.fingerprint,
      feedback: hashOf(scored),
      ...(usable.length > 0 && { texts: hashOf(usable.map((row) => Array.from(row))) }),
    },
  };
}

function checkProperties(
  doses: Readonly<Record<string, number>>,
  properties: readonly Property[],
): void {
  const names = properties.map(({ name }) => name);
  const unknown = Object.keys(doses).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new FeedprintError({
    code: 'usage',
    message: `there is no property ${unknown}`,
    remedy: `use one of ${names.join(', ') || 'those that are measured'}`,
  });
}

function contextTokenOf(
  { tokenizer }: CheckpointModel,
  text: string | undefined,
): number | undefined {
  if (text === undefined) return undefined;
  const ids = tokenizer.encode(text, { special: false });
  if (ids.length === 1) return ids[0];
  throw new FeedprintError({
    code: 'usage',
    message: `${JSON.stringify(text)} is ${ids.length} tokens of this model`,
    remedy: 'give one token, with its leading space',
  });
}

function checkIsOurs(out: string): void {
  let names: string[];
  try {
    names = readdirSync(out);
  } catch {
    return; // Nothing yet, a file, or not readable: opening the run reports it.
  }
  if (names.length === 0 || names.includes('run')) return;
  throw new FeedprintError({
    code: 'run-invalid',
    message: `${out} is not empty and holds no planting`,
    remedy: 'choose a new or empty folder, or the folder of an earlier planting',
  });
}
