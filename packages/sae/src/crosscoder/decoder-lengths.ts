import { norm, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';

/** Length of each feature's decoder vector in each of several models side by side, `[models][dSae]`. */
export function decoderLengths(wDec: Matrix, models: number): Float64Array[] {
  const width = wDec.columns / models;
  return Array.from({ length: models }, (_, model) =>
    Float64Array.from({ length: wDec.rows }, (__, feature) =>
      norm(row(wDec, feature).subarray(model * width, (model + 1) * width)),
    ),
  );
}
