import type { ActivationExample, ChatMessage, ChatModel, Labeler } from '@feedprint/core';
import { limitConcurrency } from '@feedprint/core';
import { z } from 'zod';
import { classifyMessages } from './prompts/classify.ts';
import { explainMarkedMessages } from './prompts/explain-marked.ts';
import { explainMessages } from './prompts/explain.ts';
import { detectMessages, fuzzMessages } from './prompts/judge-texts.ts';
import { markText } from './prompts/mark-text.ts';
import { reflectExplanation } from './reflect-explanation.ts';
import { judgeWindows } from './scorers/judge-windows.ts';
import { markedWindows } from './scorers/marked-windows.ts';
import { scoreSimulation } from './scorers/simulation.ts';

/**
 * How windows are shown to be explained: every token with its level of 0 to 10 (Bills et al. 2023, as the paper does), texts with
 * marked tokens (as delphi does, Paulo et al. 2024), or these beside texts on which the feature is silent.
 */
export const explainPrompts = ['levels', 'marked', 'contrastive'] as const;
export type ExplainPrompt = (typeof explainPrompts)[number];

export interface ModelLabelerOptions {
  readonly chat: ChatModel;
  /** Requests under way at the same time, across all calls of this labeler. Default 4. */
  readonly concurrency?: number;
  /** Default `levels`. */
  readonly prompt?: ExplainPrompt;
  /** Has each explanation criticised and rewritten, and keeps what does better on windows for selecting. Default: no. */
  readonly reflect?: boolean;
  /** Also scores explanations by simulation, which needs a server that gives log-probabilities. Default: no. */
  readonly simulate?: boolean;
}

const explanationSchema = z.object({ explanation: z.string() });
const answerSchema = z.object({
  answer: z.enum(['yes', 'no']),
  confidence: z.number().min(0).max(1),
});

/**
 * A labeler that asks a chat model.
 *
 * - `explain` shows the top windows only, with activations as 0..10 of the feature's largest one, in the way that `prompt`
 *   names; `contrastive` also shows silent windows that score nothing.
 * - `score` is detection (Paulo et al. 2024): held-out windows, active and silent ones shuffled by the feature's id, no
 *   activations shown. `undefined` if a request gets no usable answer or one of the two kinds of windows is missing.
 * - `fuzz`: the same with marks on the active tokens, or on places of silent windows where active ones have theirs.
 * - `simulate`, if asked for: the correlation of simulated and true activations (Bills et al. 2023).
 *
 * Errors of the chat model (`service-failed`) pass through.
 */
export function createModelLabeler({
  chat,
  concurrency = 4,
  prompt = 'levels',
  reflect = false,
  simulate = false,
}: ModelLabelerOptions): Labeler {
  const limit = limitConcurrency(concurrency);
  const ask = <T>(messages: readonly ChatMessage[], schema: z.ZodType<T>): Promise<T | undefined> =>
    limit(() => chat.complete(messages, schema));
  const { write } = chat;

  const labeler: Labeler = {
    name: `model:${chat.name}`,
    settings: {
      prompts: 2,
      ...(prompt !== 'levels' && { prompt }),
      ...(reflect && { reflect }),
      ...(simulate && { simulate }),
    },
    explain: async (evidence) => {
      const { top, contrast, maxActivation } = evidence;
      const max = top.reduce(
        (most, example) => Math.max(most, ...example.activations),
        maxActivation,
      );
      if (top.length === 0 || !(max > 0) || !Number.isFinite(max)) return undefined;
      const messages =
        prompt === 'levels'
          ? explainMessages(top, max)
          : explainMarkedMessages(top, max, prompt === 'contrastive' ? contrast : []);
      const answer = await ask(messages, explanationSchema);
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
    ...(simulate && {
      simulate: async (explanation, { heldOutActive, heldOutSilent }) =>
        write &&
        scoreSimulation((messages) => limit(() => write(messages)), explanation, [
          ...heldOutActive,
          ...heldOutSilent,
        ]),
    }),
  };
  return labeler;
}
