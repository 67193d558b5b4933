import type { Labeler } from '@feedprint/core';
import { tokenValence } from '@feedprint/feedback';
import type { Lexicon } from '@feedprint/feedback';
import { createModelLabeler, createOfflineLabeler, createOpenAIChat } from '@feedprint/labeling';
import type { Io } from './io.ts';
import { createFetch } from './proxy-fetch.ts';

export const labelers = ['offline', 'openai'] as const;
export type LabelerName = (typeof labelers)[number];

export interface LabelerOptions {
  readonly labeler: LabelerName;
  readonly labelerModel: string;
  readonly labelerUrl?: string;
}

/** The question by which features are classified as related to VADER's feedback. */
export const vaderQuestion =
  'Does this feature respond to words that carry sentiment, such as praise, blame, pleasure or anger?';

/** The labeler that the options name. Throws `service-failed` if a key is needed and missing. */
export function createLabeler(
  { labeler, labelerModel, labelerUrl }: LabelerOptions,
  lexicon: Lexicon,
  io: Io,
): Labeler {
  if (labeler === 'openai') {
    const chat = createOpenAIChat({
      model: labelerModel,
      ...(labelerUrl !== undefined && { baseURL: labelerUrl }),
      apiKey: io.env.OPENAI_API_KEY ?? '',
      fetch: createFetch(io.env),
    });
    return createModelLabeler({ chat });
  }
  return createOfflineLabeler({ valence: (token) => tokenValence(lexicon, token) });
}
