import { readRatings } from '@feedprint/feedback';
import type { RatingFile } from '@feedprint/feedback';
import { FeedprintError } from '@feedprint/core';

/** What a name of feedback stands for. */
export type FeedbackSpec =
  | { readonly kind: 'lexicon'; readonly lexicon: string }
  | { readonly kind: 'vader-text' }
  | { readonly kind: 'reward-model'; readonly model: string }
  | { readonly kind: 'judge' }
  | { readonly kind: 'ratings'; readonly file: RatingFile };

/** The names of feedback, as a help text. */
export const feedbackGrammar =
  'vader, a lexicon file (.json of words and numbers, or lines of word, tab, number), vader-text, reward-model:DIR, judge, or a file of rated replies (reply or text, score; prompt and label where there are some)';

/** Endings of files of records, which are no lexicon. */
const records = /\.(?:jsonl|csv|parquet)(?:\.[a-z0-9]+)?$/i;

/**
 * The one grammar of `--feedback`. A file is taken for what it holds: rated replies, or a lexicon. Throws `config-invalid` for a
 * reward model without a name and for a file of records that rate no reply.
 */
export async function parseFeedback(text: string): Promise<FeedbackSpec> {
  if (text === 'vader') return { kind: 'lexicon', lexicon: text };
  if (text === 'vader-text') return { kind: 'vader-text' };
  if (text === 'judge') return { kind: 'judge' };
  const [, model] = /^reward-model:(.*)$/.exec(text) ?? [];
  if (model === '') {
    throw new FeedprintError({
      code: 'config-invalid',
      message: 'the feedback names no reward model',
      remedy: 'give reward-model:DIR, with the checkpoint of a reward model',
    });
  }
  if (model !== undefined) return { kind: 'reward-model', model };
  try {
    return { kind: 'ratings', file: await readRatings(text) };
  } catch (error) {
    if (!FeedprintError.is(error) || error.code !== 'texts-invalid') throw error;
    if (!records.test(text)) return { kind: 'lexicon', lexicon: text };
    throw new FeedprintError({
      code: 'config-invalid',
      message: `${text} is no feedback: ${error.message}`,
      remedy: 'pass a lexicon, or rows of a reply or text and a score',
      cause: error,
    });
  }
}
