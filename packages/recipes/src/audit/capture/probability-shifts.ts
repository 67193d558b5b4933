import { join } from 'node:path';
import { matrix, writeSafetensors } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { readMatrices } from '../matrix-files.ts';

/** Sampled tokens after which the shift of every word is kept. */
const ROWS = 20_000;

/** How tuning shifted the probability of every word after sampled tokens: `[positions, words]`, aligned with the `sample` stores. */
export interface ShiftRecorder {
  /** `base` and `tuned` hold the log-probabilities of the words after each position of a batch. */
  add(base: Matrix, tuned: Matrix, positions: readonly number[]): void;
  write(folder: string): void;
}

export function createShiftRecorder(words: number, positions: number): ShiftRecorder {
  const shifts = matrix(Math.min(ROWS, positions), words);
  let rows = 0;
  return {
    add(base, tuned, chosen) {
      for (const position of chosen.slice(0, shifts.rows - rows)) {
        for (let w = 0; w < words; w++) {
          const at = position * words + w;
          shifts.data[rows * words + w] =
            Math.exp(tuned.data[at] as number) - Math.exp(base.data[at] as number);
        }
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
