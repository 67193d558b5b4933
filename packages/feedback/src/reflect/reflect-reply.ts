import type { ChatModel, ChatTurn, Reply } from '@feedprint/core';
import { z } from 'zod';
import { instructionMessages, replyMessages } from './messages.ts';

/** What may be wrong with an answer, so that the original is kept. */
export const reflectFailures = ['unusable', 'blank', 'overlong', 'rejected'] as const;
export type ReflectFailure = (typeof reflectFailures)[number];

/** What became of one of the two passes. */
export type PassOutcome = 'rewritten' | 'unchanged' | 'skipped' | ReflectFailure;

/** A prompt and its reply after two passes, the originals where a pass failed. */
export interface ReflectedReply {
  readonly prompt: string;
  readonly reply: string;
  readonly passes: { readonly instruction: PassOutcome; readonly reply: PassOutcome };
}

export interface ReflectOptions {
  readonly complete: ChatModel['complete'];
  /** What makes a reply good, in words. */
  readonly criteria: string;
  /** A reply that the new one must not repeat. */
  readonly rejected?: string;
}

/** Characters that a new text may have for each of the old one's, and besides. */
const [factor, slack] = [5, 1000];

const instructionSchema = z.object({
  criticism: z.string(),
  prompt: z.string(),
  reply: z.string(),
});
const replySchema = z.object({ criticism: z.string(), reply: z.string() });

/**
 * Reflection-Tuning (arXiv 2310.11716): a chat model criticises the instruction and rewrites it with a reply, then criticises the
 * reply by stated criteria and rewrites it. What a pass was given is kept where its answer is unusable, blank, overlong or the
 * rejected reply. Only the reply is worked on for a text without a prompt, or where the prompt is a conversation.
 */
export async function reflectReply(
  { prompt: written, reply, turns = [] }: Reply,
  { complete, criteria, rejected }: ReflectOptions,
): Promise<ReflectedReply> {
  // What is asked, without the marks of a dialogue around it.
  const [{ content: prompt }] = turns.length === 1 ? (turns as [ChatTurn]) : [{ content: written }];
  let current = { prompt, reply };
  let instruction: PassOutcome = 'skipped';
  if (prompt.trim() !== '' && turns.length <= 1) {
    const answer = await complete(instructionMessages(current, criteria), instructionSchema);
    const instructed = answer && outcomeOf(prompt, answer.prompt);
    const replied = answer && outcomeOf(reply, answer.reply, rejected);
    const failed = [instructed, replied].find(
      (outcome) => outcome !== 'rewritten' && outcome !== 'unchanged',
    );
    instruction = answer ? (failed ?? instructed ?? 'unusable') : 'unusable';
    if (answer && instruction === 'rewritten') {
      current = { prompt: answer.prompt.trim(), reply: answer.reply.trim() };
    }
  }
  const answer = await complete(replyMessages(current, criteria), replySchema);
  const outcome = answer ? outcomeOf(current.reply, answer.reply, rejected) : 'unusable';
  if (answer && outcome === 'rewritten') current = { ...current, reply: answer.reply.trim() };
  const asked = current.prompt === prompt ? written : written.replace(prompt, () => current.prompt);
  return { prompt: asked, reply: current.reply, passes: { instruction, reply: outcome } };
}

function outcomeOf(before: string, after: string, rejected?: string): PassOutcome {
  const text = after.trim();
  if (text === '') return 'blank';
  if (text === before.trim()) return 'unchanged';
  if (text === rejected?.trim()) return 'rejected';
  return text.length > factor * before.length + slack ? 'overlong' : 'rewritten';
}
