import type { FeedbackSignal, Labeler } from '@feedprint/core';
import {
  createLedger,
  createModelLabeler,
  createOfflineLabeler,
  createOpenAIChat,
  openAnswerFile,
} from '@feedprint/labeling';
import type { TokenPrice } from '@feedprint/labeling';

export const labelers = ['offline', 'openai'] as const;
export type LabelerName = (typeof labelers)[number];

export interface LabelerOptions {
  readonly labeler: LabelerName;
  /** Model of the `openai` labeler. */
  readonly labelerModel: string;
  /** Base URL of an OpenAI-compatible server. */
  readonly labelerUrl?: string;
  /** Key of the chat server. Default: as `createOpenAIChat` finds it. */
  readonly apiKey?: string;
  readonly fetch?: typeof fetch;
  /** File that keeps the chat model's answers, so that a run that goes on asks for none again. Default: in memory. */
  readonly answers?: string;
  /** Dollars that must not be passed, those of earlier starts included, and the price of tokens that says so. */
  readonly limit?: { readonly budget: number; readonly price: TokenPrice };
}

/** The labeler that the options name, offline for the feedback of a signal. Throws `service-failed` if a key is needed and missing. */
export function createLabeler(
  { labeler, labelerModel, labelerUrl, apiKey, fetch, answers, limit }: LabelerOptions,
  signal: FeedbackSignal<'token'>,
): Labeler {
  if (labeler === 'offline') return createOfflineLabeler({ signal });
  const kept = answers === undefined ? undefined : openAnswerFile(answers);
  const chat = createOpenAIChat({
    model: labelerModel,
    ...(labelerUrl !== undefined && { baseURL: labelerUrl }),
    ...(apiKey !== undefined && { apiKey }),
    ...(fetch && { fetch }),
    ...(kept && { answers: kept }),
    ...(limit && { ledger: createLedger({ ...limit, ...(kept && { before: kept.used() }) }) }),
  });
  return createModelLabeler({ chat });
}
