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

export interface PairFile extends ReadFile {
  readonly pairs: readonly PairRecord[];
}
