import type { ChatMessage } from '@feedprint/core';
import { z } from 'zod';
import type { AnswerStore, ChatAnswer, TokenUsage } from './answer-store.ts';
import { openJsonLines } from './json-lines.ts';

const answerSchema: z.ZodType<ChatAnswer> = z
  .object({
    text: z.string(),
    tokens: z
      .array(
        z.object({
          token: z.string(),
          likely: z.array(z.object({ token: z.string(), logProbability: z.number() })),
        }),
      )
      .optional(),
    cutOff: z.literal(true).optional(),
    usage: z.object({ input: z.number(), output: z.number() }),
  })
  .transform(({ cutOff, tokens, ...answer }) => ({
    ...answer,
    ...(tokens && { tokens }),
    ...(cutOff && { cutOff }),
  }));
const messageSchema: z.ZodType<ChatMessage> = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string(),
});
const lineSchema = z.object({
  key: z.string(),
  answer: answerSchema,
  asked: z.array(messageSchema).optional(),
});

/** What a chat model was asked, and what it answered. */
export interface ChatCall {
  readonly asked: readonly ChatMessage[];
  readonly answer: ChatAnswer;
}

/** Answers that outlive the process. */
export interface AnswerFile extends AnswerStore {
  /** Number of answers. */
  readonly size: number;
  /** What all answers in it took. */
  used(): TokenUsage;
  /** The answers with what was asked, those that were in it when it was opened. */
  calls(): readonly ChatCall[];
}

/**
 * Answers kept in a file, one JSON line each, written as they come in with what was asked and what they took; answers from earlier runs are
 * available again. Throws `output-unwritable` for a file that cannot be read or written.
 */
export function openAnswerFile(path: string): AnswerFile {
  const lines = openJsonLines(path, lineSchema);
  const answers = new Map(lines.read.map(({ key, answer }) => [key, answer]));
  return {
    get size() {
      return answers.size;
    },
    get: (key) => answers.get(key),
    set: (key, answer, asked) => {
      lines.append({ key, answer, ...(asked && { asked: [...asked] }) });
      answers.set(key, answer);
    },
    calls: () => lines.read.flatMap(({ asked, answer }) => (asked ? [{ asked, answer }] : [])),
    used: () => {
      const total = { input: 0, output: 0 };
      for (const { usage } of answers.values()) {
        total.input += usage.input;
        total.output += usage.output;
      }
      return total;
    },
  };
}
