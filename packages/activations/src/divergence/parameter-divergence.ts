import type { DivergenceMeasure } from '@feedprint/core';
import { addSquares, distances, noSquares, pairedParameters } from './paired-parameters.ts';

/**
 * L2 distance of the parameters of each block, all tensors of a block taken as one vector (paper, section 3.1), on
 * dequantised weights; and the same relative to the base's norm. Throws `models-mismatched`.
 */
export const parameterDivergence: DivergenceMeasure = (base, tuned) => {
  const sums = Array.from({ length: base.info.layers }, noSquares);
  for (const pair of pairedParameters(base, tuned)) {
    const { layer } = pair[0];
    const sum = layer === undefined ? undefined : sums[layer];
    if (sum) addSquares(sum, pair);
  }
  return sums.map((sum, layer) => ({ layer, ...distances(sum) }));
};
