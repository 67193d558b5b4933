import type { ActivationExample, ChatMessage, ChatModel, Labeler } from '@feedprint/core';
import { createRandom, hash32, limitConcurrency } from '@feedprint/core';
import { z } from 'zod';
import { balancedAccuracy } from './balanced-accuracy.ts';
import { classifyMessages, detectMessages, explainMessages } from './prompts.ts';

export interface ModelLabelerOptions {
  readonly chat: ChatModel;
  /** Requests under way at the same time, across all calls of this labeler. Default 4. */
  readonly concurrency?: number;
}

/** Windows per detection request; with more, models lose count. */
const batchSize = 20;

const explanationSchema = z.object({ explanation: z.string() });
const answerSchema = z.object({
  answer: z.enum(['yes', 'no']),
  confidence: z.number().min(0).max(1),
});

/**
 * A labeler that asks a chat model.
 *
 * - `explain` shows the top windows only, token by token, with activations as 0..10 of the feature's largest one.
 * - `score` is detection (Paulo et al. 2024): held-out windows, active and silent ones shuffled by the feature's id, no
 *   activations shown. `undefined` if a request gets no usable answer or one of the two kinds of windows is missing.
 *
 * Errors of the chat model (`service-failed`) pass through.
 */
export function createModelLabeler({ chat, concurrency = 4 }: ModelLabelerOptions): Labeler {
  const limit = limitConcurrency(concurrency);
  const ask = <T>(messages: readonly ChatMessage[], schema: z.ZodType<T>): Promise<T | undefined> =>
    limit(() => chat.complete(messages, schema));

  return {
    name: `model:${chat.name}`,
    settings: {},
    explain: async ({ top, maxActivation }) => {
      const max = top.reduce(
        (most, example) => Math.max(most, ...example.activations),
        maxActivation,
      );
      if (top.length === 0 || !(max > 0) || !Number.isFinite(max)) return undefined;
      const answer = await ask(explainMessages(top, max), explanationSchema);
      return answer?.explanation.replace(/\s+/g, ' ').trim() || undefined;
    },
    classify: async (explanation, question) => {
      const answer = await ask(classifyMessages(explanation, question), answerSchema);
      return answer && { related: answer.answer === 'yes', confidence: answer.confidence };
    },
    score: async (explanation, { id, heldOutActive, heldOutSilent }) => {
      if (heldOutActive.length === 0 || heldOutSilent.length === 0) return undefined;
      const mark = (active: boolean) => (example: ActivationExample) => ({ active, example });
      const windows = createRandom(hash32(id)).shuffle([
        ...heldOutActive.map(mark(true)),
        ...heldOutSilent.map(mark(false)),
      ]);
      const batches = Array.from({ length: Math.ceil(windows.length / batchSize) }, (_, i) =>
        windows.slice(i * batchSize, (i + 1) * batchSize),
      );
      const answers = await Promise.all(
        batches.map((batch) =>
          ask(
            detectMessages(
              explanation,
              batch.map(({ example }) => example),
            ),
            z.object({ active: z.array(z.int().min(1).max(batch.length)) }),
          ),
        ),
      );
      if (answers.some((answer) => answer === undefined)) return undefined;
      return balancedAccuracy(
        batches.flatMap((batch, b) =>
          batch.map(({ active }, i) => ({
            active,
            predicted: answers[b]?.active.includes(i + 1) ?? false,
          })),
        ),
      );
    },
  };
}
