import type { CheckpointModel } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import type { FeedbackSignal, Property } from '@feedprint/core';
import { scoredTokens } from '@feedprint/feedback';
import { hashOf } from '@feedprint/pipeline';
import type { PlantContext } from './context.ts';
import { parsePlantSettings } from './settings.ts';
import type { PlantSettingsInput } from './settings.ts';

/** What a planting is made of. */
export interface PlantInputs {
  readonly base: CheckpointModel;
  /** Stated feedback on tokens. */
  readonly signal: FeedbackSignal<'token'>;
  readonly settings: PlantSettingsInput;
  /** Token ids of the texts that prompts are cut from. Default: prompts are what the base begins with. */
  readonly texts?: readonly ArrayLike<number>[];
  /** What is measured of replies; those that are rewarded must be among them. */
  readonly properties?: readonly Property[];
  /** Threads inside one operator; part of every stage's key. */
  readonly threads?: number;
  /** Version of Feedprint, for run.json and every stage's key. */
  readonly version: string;
  /** What else may change the last bits of a number. */
  readonly environment?: Readonly<Record<string, unknown>>;
}

/**
 * Checks everything that can be wrong before anything is written. Throws `config-invalid`, `feedback-empty`, `usage` or
 * `texts-invalid`.
 */
export async function preparePlanting(options: PlantInputs): Promise<PlantContext> {
  const { base, signal, texts = [], properties = [], threads, version, environment = {} } = options;
  const settings = parsePlantSettings(options.settings);
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
