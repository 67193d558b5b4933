import { readPairScores, readRatings } from '@feedprint/feedback';
import type { PairScoreFile, RatingFile } from '@feedprint/feedback';
import { FeedprintError } from '@feedprint/core';

/** What a name of feedback stands for. */
export type FeedbackSpec =
  | { readonly kind: 'lexicon'; readonly lexicon: string }
  | { readonly kind: 'vader-text' }
  | { readonly kind: 'reward-model'; readonly model: string }
  | { readonly kind: 'judge' }
  | { readonly kind: 'ratings'; readonly file: RatingFile }
  | { readonly kind: 'pair-scores'; readonly file: PairScoreFile };

/** The names of feedback, as a help text. */
export const feedbackGrammar =
  'vader, a lexicon file (.json of words and numbers, or lines of word, tab, number), vader-text, reward-model:DIR, judge, or a file of rated replies (reply or text, score; prompt and label where there are some) or of scores of pairs (id, score_chosen, score_rejected)';

/** Endings of files of records, which are no lexicon. */
const records = /\.(?:jsonl|csv|parquet)(?:\.[a-z0-9]+)?$/i;

/**
 * The one grammar of `--feedback`. A file is taken for what it holds: rated replies, scores of pairs, or a lexicon. Throws `config-invalid` for a
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
    const pairs = await readPairScores(text).catch(() => undefined);
    if (pairs) return { kind: 'pair-scores', file: pairs };
    if (!records.test(text)) return { kind: 'lexicon', lexicon: text };
    throw new FeedprintError({
      code: 'config-invalid',
      message: `${text} is no feedback: ${error.message}`,
      remedy:
        'pass a lexicon, rows of a reply or text and a score, or rows of id, score_chosen and score_rejected',
      cause: error,
    });
  }
}
