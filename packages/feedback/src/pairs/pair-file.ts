import type { PreferencePair } from '@feedprint/core';
import type { ReadFile } from '../readers/read-file.ts';

/** A pair as in its file, with what the file says for evaluating an audit, which no estimate may read. */
export interface PairRecord extends PreferencePair {
  /** Its row in the file, from 0, if rows before it were left out. */
  readonly row?: number;
  /** Which part of the data the pair belongs to, such as `train`. */
  readonly split?: string;
  /** Whether the tuner's label was the stated one (`trained_label_agrees`); known only for planted pairs. */
  readonly trainedLabelAgrees?: boolean;
}

/** What was read of a file of pairs, without the pairs. Rows that were dropped are `skipped`. */
export interface PairSummary extends ReadFile {
  /** Number of pairs. */
  readonly count: number;
  /** Pairs of which neither reply was preferred. */
  readonly ties: number;
  /** Pairs that are in the file a second time or more, prompt and both replies; they are kept. */
  readonly duplicates: number;
  /** Names of the labels, if there are several; the first says which reply is `chosen`. */
  readonly signals: readonly string[];
  /** The first pairs, three at most, for people to check. */
  readonly examples: readonly PairRecord[];
}

export interface PairFile extends PairSummary {
  readonly pairs: readonly PairRecord[];
}
