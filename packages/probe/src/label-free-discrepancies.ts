import { FeedprintError, assertFinite } from '@feedprint/core';
import { predict, robustRegression } from './robust-regression.ts';

/** Fewest words that a line can be drawn through and missed. */
const FEWEST = 3;

export interface LabelFreeOptions {
  /** Whether the values have a direction: up for what tuning made more of, down for less. */
  readonly signed: boolean;
}

/**
 * Turns what a label-free method says about words into how much each contradicts the stated feedback, larger for more: of signed
 * values -sign(stated) times what is left of a robust line on the stated feedback; of magnitudes, which cannot contradict a
 * direction, the magnitude itself. Words stated 0 have no side to contradict: 0 where values are signed. So do all of fewer than
 * 3 words. Throws `shape-mismatch` for lists of other lengths, `numbers-invalid` for numbers that are not finite.
 */
export function labelFreeDiscrepancies(
  values: ArrayLike<number>,
  stated: ArrayLike<number>,
  { signed }: LabelFreeOptions,
): Float64Array {
  if (values.length !== stated.length) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `${values.length} values were given for ${stated.length} words`,
      remedy: 'give one value for each word',
    });
  }
  assertFinite(values, 'the list of values');
  assertFinite(stated, 'the stated feedback');
  if (!signed) return Float64Array.from(values, Math.abs);
  const told = Array.from(stated, (_, i) => i).filter((i) => stated[i] !== 0);
  if (told.length < FEWEST) return new Float64Array(values.length);
  const terms = (i: number): readonly number[] => [1, stated[i] as number];
  const { coefficients } = robustRegression(
    told.map(terms),
    told.map((i) => values[i] as number),
  );
  return Float64Array.from(stated, (side, i) =>
    side === 0 ? 0 : -Math.sign(side) * ((values[i] as number) - predict(terms(i), coefficients)),
  );
}
