import { FeedprintError, assertFinite } from '@feedprint/core';
import { predict, robustRegression } from './robust-regression.ts';

/** Fewest words for which a line leaves residuals. */
const FEWEST = 3;

export interface LabelFreeOptions {
  /** Whether the values have a direction: up for what tuning made more likely, down for less. */
  readonly signed: boolean;
}

/**
 * Turns what a label-free method says about words into how much each contradicts the stated feedback, larger for more:
 * for signed values, -sign(stated) times the residual from a robust line on the stated feedback; for magnitudes, which
 * cannot contradict a direction, the magnitude itself. For signed values, words stated 0 have no side to contradict and
 * score 0, as do all words if there are fewer than 3. Throws `shape-mismatch` for lists of unequal lengths,
 * `numbers-invalid` for numbers that are not finite.
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
      remedy: 'pass one value per word',
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
