import type { RatedReply, RatingFile } from '@feedprint/feedback';
import type { EncodedReply } from '../../encode-pair.ts';
import type { IndependentGroups } from '../independent-groups.ts';

/** A rated reply as token ids after its prompt. */
export interface EncodedRating {
  /** Index in the file. */
  readonly index: number;
  readonly reply: EncodedReply;
}

/** An audit's rated replies, checked and tokenised. */
export interface PreparedRatings extends IndependentGroups {
  readonly file: RatingFile;
  /** How conversations were written; equal where it is the same. */
  readonly template: string;
  readonly encoded: readonly EncodedRating[];
  /** Records in the order of `encoded`. */
  readonly records: readonly RatedReply[];
  /** Number of each reply's prompt. */
  readonly prompts: Int32Array;
}
