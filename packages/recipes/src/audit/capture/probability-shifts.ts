import { join } from 'node:path';
import { matrix, row, writeSafetensors } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { readMatrices } from '../matrix-files.ts';
import type { ModelRole } from '../model-role.ts';

/** Sampled tokens after which the shift of every word is kept, and unscored tokens are counted. */
const ROWS = 20_000;

/** How tuning shifted the probability of every word after sampled tokens: `[positions, words]`, aligned with the `sample` stores. */
export interface ShiftRecorder {
  /** How often each model expects each unscored token there. */
  readonly unscored: Readonly<Record<ModelRole, Float32Array>>;
  /** `base` and `tuned` hold the log-probabilities of the words, then of the unscored tokens, after each position of a batch. */
  add(base: Matrix, tuned: Matrix, positions: readonly number[]): void;
  write(folder: string): void;
}

export interface ShiftRecorderOptions {
  /** Numbers of words, of unscored tokens and of positions of all texts. */
  readonly words: number;
  readonly unscored: number;
  readonly positions: number;
}

export function createShiftRecorder({
  words,
  unscored,
  positions,
}: ShiftRecorderOptions): ShiftRecorder {
  const shifts = matrix(Math.min(ROWS, positions), words);
  const counts = { base: new Float64Array(unscored), tuned: new Float64Array(unscored) };
  const count = (into: Float64Array, logProbs: Matrix, position: number): void => {
    const own = row(logProbs, position).subarray(words);
    own.forEach((value, t) => (into[t] = (into[t] as number) + Math.exp(value)));
  };
  let rows = 0;
  return {
    get unscored() {
      return { base: Float32Array.from(counts.base), tuned: Float32Array.from(counts.tuned) };
    },
    add(base, tuned, chosen) {
      for (const position of chosen.slice(0, shifts.rows - rows)) {
        const [before, after] = [row(base, position), row(tuned, position)];
        for (let w = 0; w < words; w++) {
          shifts.data[rows * words + w] =
            Math.exp(after[w] as number) - Math.exp(before[w] as number);
        }
        count(counts.base, base, position);
        count(counts.tuned, tuned, position);
        rows++;
      }
    },
    write(folder) {
      writeSafetensors(join(folder, 'shifts.safetensors'), {
        shifts: { shape: [rows, words], data: shifts.data.subarray(0, rows * words) },
      });
    },
  };
}

export const readShifts = (folder: string): Matrix =>
  readMatrices(folder, 'shifts.safetensors', ['shifts']).shifts;
