import type { ActivationExample, ChatMessage, ChatModel, Labeler } from '@feedprint/core';
import { limitConcurrency } from '@feedprint/core';
import { z } from 'zod';
import { classifyMessages } from './prompts/classify.ts';
import { explainMessages } from './prompts/explain.ts';
import { detectMessages, fuzzMessages } from './prompts/judge-texts.ts';
import { markText } from './prompts/mark-text.ts';
import { reflectExplanation } from './reflect-explanation.ts';
import { judgeWindows } from './scorers/judge-windows.ts';
import { markedWindows } from './scorers/marked-windows.ts';

export interface ModelLabelerOptions {
  readonly chat: ChatModel;
  /** Requests under way at the same time, across all calls of this labeler. Default 4. */
  readonly concurrency?: number;
  /** Has each explanation criticised and rewritten, and keeps what does better on windows for selecting. Default: no. */
  readonly reflect?: boolean;
}

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
 * - `fuzz`: the same with marks on the active tokens, or on places of silent windows where active ones have theirs.
 *
 * Errors of the chat model (`service-failed`) pass through.
 */
export function createModelLabeler({
  chat,
  concurrency = 4,
  reflect = false,
}: ModelLabelerOptions): Labeler {
  const limit = limitConcurrency(concurrency);
  const ask = <T>(messages: readonly ChatMessage[], schema: z.ZodType<T>): Promise<T | undefined> =>
    limit(() => chat.complete(messages, schema));

  const labeler: Labeler = {
    name: `model:${chat.name}`,
    settings: { prompts: 2, ...(reflect && { reflect }) },
    explain: async (evidence) => {
      const { top, maxActivation } = evidence;
      const max = top.reduce(
        (most, example) => Math.max(most, ...example.activations),
        maxActivation,
      );
      if (top.length === 0 || !(max > 0) || !Number.isFinite(max)) return undefined;
      const answer = await ask(explainMessages(top, max), explanationSchema);
      const explanation = answer?.explanation.replace(/\s+/g, ' ').trim() || undefined;
      if (!reflect || explanation === undefined) return explanation;
      return reflectExplanation(explanation, evidence, { ask, score: labeler.score });
    },
    classify: async (explanation, question) => {
      const answer = await ask(classifyMessages(explanation, question), answerSchema);
      return answer && { related: answer.answer === 'yes', confidence: answer.confidence };
    },
    score: (explanation, { id, heldOutActive, heldOutSilent }) => {
      const judged = (active: boolean) => (example: ActivationExample) => ({
        active,
        text: example.tokens.join(''),
      });
      const windows = [...heldOutActive.map(judged(true)), ...heldOutSilent.map(judged(false))];
      return judgeWindows(ask, id, windows, (texts) => detectMessages(explanation, texts));
    },
    fuzz: (explanation, evidence) => {
      const windows = markedWindows(evidence).map((window) => ({
        active: window.active,
        text: markText(window),
      }));
      return judgeWindows(ask, evidence.id, windows, (texts) => fuzzMessages(explanation, texts));
    },
  };
  return labeler;
}
