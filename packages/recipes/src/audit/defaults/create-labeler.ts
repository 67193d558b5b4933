import type { FeedbackSignal, Labeler } from '@feedprint/core';
import { createModelLabeler, createOfflineLabeler, createOpenAIChat } from '@feedprint/labeling';

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
}

/** The labeler that the options name, offline for the feedback of a signal. Throws `service-failed` if a key is needed and missing. */
export function createLabeler(
  { labeler, labelerModel, labelerUrl, apiKey, fetch }: LabelerOptions,
  signal: FeedbackSignal<'token'>,
): Labeler {
  if (labeler === 'offline') return createOfflineLabeler({ signal });
  const chat = createOpenAIChat({
    model: labelerModel,
    ...(labelerUrl !== undefined && { baseURL: labelerUrl }),
    ...(apiKey !== undefined && { apiKey }),
    ...(fetch && { fetch }),
  });
  return createModelLabeler({ chat });
}
