import type { PairFile, PairRecord } from '@feedprint/feedback';
import type { IndependentGroups } from '../independent-groups.ts';
import type { WrittenReplies } from '../../write-replies.ts';
import type { EncodedPair } from '../../encode-pair.ts';

/** A pair of which neither reply was preferred. */
export interface TiedPair {
  /** Index in the file. */
  readonly index: number;
  readonly record: PairRecord;
}

/** Pairs, then ties, as what is measured of labels sees them, with their indices in the file. */
export const labelledPairs = ({
  encoded,
  records,
  ties,
}: Pick<PreparedPairs, 'encoded' | 'records' | 'ties'>): readonly TiedPair[] => [
  ...records.map((record, i) => ({ record, index: (encoded[i] as EncodedPair).index })),
  ...ties,
];

/** An audit's pairs, checked and tokenised. */
export interface PreparedPairs extends IndependentGroups {
  readonly file: PairFile;
  /** How conversations were written; equal where it is the same. */
  readonly template: string;
  readonly encoded: readonly EncodedPair[];
  /** The first pairs as the texts that the models see. */
  readonly written: readonly WrittenReplies[];
  /** Records in the order of `encoded`. */
  readonly records: readonly PairRecord[];
  /** Number of each pair's prompt. */
  readonly prompts: Int32Array;
  /** Pairs of which neither reply was preferred; half of each counts for either in what the labels reward, and nowhere else. */
  readonly ties: readonly TiedPair[];
  /** Indices of the pairs of each split that the file names. */
  readonly splits: ReadonlyMap<string, Int32Array>;
}
