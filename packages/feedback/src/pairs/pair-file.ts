import type { PreferencePair } from '@feedprint/core';
import type { ReadFile } from '../readers/read-file.ts';

/** A pair as its file has it, with what the file says for judging an audit by: no estimate may read that. */
export interface PairRecord extends PreferencePair {
  /** Its row in the file, from 0, where rows before it were left out. */
  readonly row?: number;
  /** Which part of the data the pair belongs to, such as `train`. */
  readonly split?: string;
  /** Whether the tuner's label was the stated one (`trained_label_agrees`); known for planted pairs alone. */
  readonly trainedLabelAgrees?: boolean;
}

export interface PairFile extends ReadFile {
  readonly pairs: readonly PairRecord[];
}
