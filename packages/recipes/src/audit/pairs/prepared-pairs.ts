import type { PairFile, PairRecord } from '@feedprint/feedback';
import type { WrittenReplies } from '../../write-replies.ts';
import type { EncodedPair } from '../../encode-pair.ts';

/** An audit's pairs, checked and tokenised. */
export interface PreparedPairs {
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
  /** Indices of the pairs of each split that the file names. */
  readonly splits: ReadonlyMap<string, Int32Array>;
}
