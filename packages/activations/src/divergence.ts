import { FeedprintError } from '@feedprint/core';
import type { DivergenceMeasure, LanguageModel, NamedTensor } from '@feedprint/core';

interface Sums {
  difference: number;
  base: number;
}

/**
 * L2 distance of the parameters of each block, all tensors of a block as one vector (paper, section 3.1), on
 * dequantised weights; and the same relative to the base's norm. Throws `models-mismatched`.
 */
export const parameterDivergence: DivergenceMeasure = (base, tuned) => {
  const sums = Array.from({ length: base.info.layers }, (): Sums => ({ difference: 0, base: 0 }));
  for (const [a, b] of pairs(base, tuned)) {
    const sum = a.layer === undefined ? undefined : sums[a.layer];
    if (!sum) continue;
    for (let i = 0; i < a.data.length; i++) {
      const x = a.data[i] as number;
      const d = (b.data[i] as number) - x;
      sum.difference += d * d;
      sum.base += x * x;
    }
  }
  return sums.map((sum, layer) => ({
    layer,
    l2: Math.sqrt(sum.difference),
    relativeL2: sum.base === 0 ? 0 : Math.sqrt(sum.difference / sum.base),
  }));
};

function* pairs(base: LanguageModel, tuned: LanguageModel) {
  const other = tuned.parameters()[Symbol.iterator]();
  for (const a of base.parameters()) {
    const b = other.next().value;
    if (!b || written(a) !== written(b)) throw mismatch(a, b);
    yield [a, b] as const;
  }
  const more = other.next().value;
  if (more) throw mismatch(undefined, more);
}

const written = (tensor: NamedTensor | undefined): string =>
  tensor ? `${tensor.name} [${tensor.shape.join(', ')}]` : 'no more tensors';

const mismatch = (base?: NamedTensor, tuned?: NamedTensor): FeedprintError =>
  new FeedprintError({
    code: 'models-mismatched',
    message: `base has ${written(base)}, tuned has ${written(tuned)}`,
    remedy: 'compare a model with one that was tuned from it',
  });
