import type { Reply, Tokenizer } from '@feedprint/core';
import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { roles } from '../model-role.ts';
import type { ModelRole } from '../model-role.ts';
import { partKey } from '../parts.ts';
import { preparedReplies } from '../prepared-replies.ts';
import type { PreparedReplies } from '../prepared-replies.ts';
import { randomOf } from '../random.ts';
import { continuePrompts, stopOf } from './continue-prompts.ts';
import { freshPrompts } from './prompts.ts';
import type { FreshPrompt } from './prompts.ts';

/** What one model wrote, prompt by prompt. */
export interface WrittenReplies {
  readonly role: ModelRole;
  /** Token ids of each reply. */
  readonly tokens: readonly (readonly number[])[];
}

/** Whether an audit asks what properties of replies were learned. */
export const asksProperties = (context: AuditContext): boolean =>
  preparedReplies(context) !== undefined &&
  context.parts.properties !== undefined &&
  context.settings.freshReplies > 0;

/** The replies whose prompts are answered afresh, of an audit that asks what properties were learned. */
export const askedReplies = (context: AuditContext): readonly PreparedReplies[] =>
  asksProperties(context) ? [preparedReplies(context) ?? []].flat() : [];

/** The fresh replies of either model. */
export const freshReplies = defineStages((context: AuditContext) =>
  askedReplies(context).flatMap((replies) => roles.map((role) => writtenBy(role, replies))),
);

const writtenBy = (role: ModelRole, replies: PreparedReplies) =>
  defineStage({
    name: `fresh-replies-${role}`,
    needs: {},
    config: ({ identity, settings }: AuditContext) => ({
      identity,
      file: replies.file.sha256,
      template: replies.template,
      indices: replies.encoded.map(({ index }) => index),
      replies: settings.freshReplies,
      ...stopOf(replies),
      seed: settings.seed,
    }),
    work: async ({ context, folder, stage }) => {
      const { models, settings } = context;
      const prompts = freshPrompts(context, replies, settings.freshReplies);
      const tokens = await continuePrompts({
        model: models[role],
        replies,
        rows: prompts.map(({ row }) => row),
        random: randomOf(context, `fresh replies of ${role}`),
        onProgress: (done) => stage.progress(done, prompts.length, 'replies'),
      });
      await writeJson(folder, 'replies.json', tokens);
    },
    read: async (folder): Promise<WrittenReplies> => ({
      role,
      tokens: await readJson(folder, 'replies.json', z.array(z.array(z.int()))),
    }),
  });

/** Fresh replies as token ids after their prompt, and as texts. */
export interface FreshReply extends Reply {
  readonly row: readonly number[];
  /** Where the reply begins in `row`. */
  readonly start: number;
}

/** One model's replies with their prompts, in the order of the draws. */
export function repliesBy(
  context: AuditContext,
  replies: PreparedReplies,
  written: readonly WrittenReplies[],
  role: ModelRole,
): FreshReply[] {
  const { tokenizer } = context.models.tuned;
  const { tokens } = known(
    written.find((one) => one.role === role),
    `replies of ${role}`,
  );
  return freshPrompts(context, replies, context.settings.freshReplies).map((prompt, i) =>
    freshReply(tokenizer, prompt, tokens[i] ?? [], stopOf(replies)),
  );
}

/** A reply that a model wrote, as token ids after its prompt and as text, without what ended it. */
export function freshReply(
  tokenizer: Tokenizer,
  { row: before, text }: Pick<FreshPrompt, 'row' | 'text'>,
  tokens: readonly number[],
  { stop: [stop] = [] }: { readonly stop?: readonly string[] } = {},
): FreshReply {
  const row = [...before, ...tokens];
  const start = tokenizer.decode(Array.from(before));
  // The token that ends a reply counts for R, and is no text.
  const written = row.filter((id, at) => at < before.length || !tokenizer.specialIds.has(id));
  const whole = tokenizer.decode(written);
  // A tokenizer may write the same tokens otherwise at the end of a text.
  const said = whole.startsWith(start)
    ? whole.slice(start.length)
    : tokenizer.decode(written.slice(before.length));
  const reply = stop && said.endsWith(stop) ? said.slice(0, -stop.length) : said;
  return { row, start: before.length, prompt: text, reply };
}

/** `partKey` of what measures and judges properties. */
export const propertyKey = ({ parts, models }: AuditContext): unknown =>
  parts.properties && {
    ...partKey(parts.properties),
    measured: parts.properties.measured(models.tuned.tokenizer).map(partKey),
  };
