import type { ChatMessage, ChatModel, ExplanationScore } from '@feedprint/core';
import { createRandom, hash32 } from '@feedprint/core';
import { z } from 'zod';
import { balancedAccuracy } from './balanced-accuracy.ts';

/** Texts per request; with more, models lose count. */
const batchSize = 20;

/** A text to be judged, and the truth about it. */
export interface JudgedText {
  readonly text: string;
  readonly active: boolean;
}

/**
 * Asks which of the texts, shuffled by the feature's id, an explanation fits. `undefined` if a request gets no usable answer
 * or one of the two kinds of texts is missing.
 */
export async function judgeWindows(
  ask: ChatModel['complete'],
  id: string,
  texts: readonly JudgedText[],
  messagesOf: (texts: readonly string[]) => ChatMessage[],
): Promise<ExplanationScore | undefined> {
  if (!texts.some(({ active }) => active) || texts.every(({ active }) => active)) return undefined;
  const shuffled = createRandom(hash32(id)).shuffle([...texts]);
  const batches = Array.from({ length: Math.ceil(shuffled.length / batchSize) }, (_, i) =>
    shuffled.slice(i * batchSize, (i + 1) * batchSize),
  );
  const answers = await Promise.all(
    batches.map((batch) =>
      ask(
        messagesOf(batch.map(({ text }) => text)),
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
}
