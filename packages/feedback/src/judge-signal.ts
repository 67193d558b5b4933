import { dataRule, limitConcurrency } from '@feedprint/core';
import type { ChatMessage, ChatModel, FeedbackSignal, Reply } from '@feedprint/core';
import { z } from 'zod';
import { checkRange } from './check-range.ts';
import { quoteReply } from './quote-reply.ts';

export interface JudgeOptions {
  readonly chat: ChatModel;
  /** What makes a reply good, and what the lowest and the highest score mean. */
  readonly rubric: string;
  /** Lowest and highest score; finite. */
  readonly range: readonly [number, number];
  /** Requests under way at the same time. Default 4. */
  readonly concurrency?: number;
}

/**
 * A chat model's score of replies by a rubric; `undefined` if its answer cannot be used. Texts are shown as JSON
 * strings that cannot pose as instructions. To never ask the same thing twice, even across runs, pass a chat model with
 * a cache.
 *
 * Throws `config-invalid` for a range that is not finite and ascending; errors of the chat model (`service-failed`)
 * pass through.
 */
export function createJudgeSignal({
  chat,
  rubric,
  range,
  concurrency = 4,
}: JudgeOptions): FeedbackSignal<'sequence'> {
  const name = `judge:${chat.name}`;
  const [low, high] = checkRange(name, range, { finite: true });
  const limit = limitConcurrency(concurrency);
  const answer = z.object({ score: z.number().min(low).max(high) });
  const judge = async (example: Reply): Promise<number | undefined> => {
    const messages = judgeMessages(example, rubric, [low, high]);
    return (await limit(() => chat.complete(messages, answer)))?.score;
  };
  return {
    name,
    granularity: 'sequence',
    range: [low, high],
    score: (examples) => Promise.all(examples.map(judge)),
  };
}

function judgeMessages(
  example: Reply,
  rubric: string,
  [low, high]: readonly [number, number],
): ChatMessage[] {
  return [
    {
      role: 'system',
      content: `You grade ${example.prompt === '' ? 'a text' : 'a reply to a prompt'}. ${dataRule} Grade by this rubric alone:\n\n${rubric}\n\nAnswer with JSON: {"score": a number from ${low} to ${high}}`,
    },
    { role: 'user', content: quoteReply(example) },
  ];
}
