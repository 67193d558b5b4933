import { findReversals } from './reversals/reversals.ts';
import type { Power } from './reversals/power.ts';
import type { Reversal } from './reversals/reversals.ts';
import { predict, robustRegression } from './robust-regression.ts';

/** How far an estimate contradicts the stated feedback. */
export interface Contradiction extends Reversal {
  /** Estimate predicted from the stated feedback. */
  readonly expected: number;
  /** Larger means that it contradicts the stated feedback more. */
  readonly score: number;
  /** What would have been seen; absent where the judge does not say. */
  readonly power?: Power;
}

/** Fewest words from which "what the stated feedback predicts" can be estimated. */
const FEWEST = 8;

/** Share of the estimates' own size below which their spread around the line is rounding error. */
const ROUNDING = 1e-9;

/**
 * How far each estimate contradicts the stated feedback, judged from the estimates alone: a robust regression line of
 * estimate on stated, and the residual against the stated side in units of the residuals' robust spread. score =
 * -sign(stated) residual / spread. How probable a reversal is, and which are flagged at the false discovery rate `rate`,
 * `findReversals` says. `null` for an estimate that is NaN. Words stated 0 have no side: score 0, probability 0. With fewer
 * than 8 other words, or estimates that do not vary around the line, nothing is flagged.
 */
export function residualContradictions(
  estimates: ArrayLike<number>,
  stated: ArrayLike<number>,
  { rate = 0.05 }: { readonly rate?: number } = {},
): (Contradiction | null)[] {
  const known = Array.from(estimates, (_, i) => i).filter((i) => !Number.isNaN(estimates[i]));
  const signed = known.filter((i) => stated[i] !== 0);
  const at = (list: ArrayLike<number>, i: number): number => list[i] as number;
  const line =
    signed.length < FEWEST
      ? undefined
      : robustRegression(
          signed.map((i) => [1, at(stated, i)]),
          signed.map((i) => at(estimates, i)),
        );
  const expected = (value: number): number => (line ? predict([1, value], line.coefficients) : 0);
  const size = signed.reduce((most, i) => Math.max(most, Math.abs(at(estimates, i))), 0);
  const score = (i: number): number => {
    const sign = Math.sign(at(stated, i));
    if (!line || sign === 0 || line.scale <= ROUNDING * size) return 0;
    return (-sign * (at(estimates, i) - expected(at(stated, i)))) / line.scale;
  };
  const { found } = findReversals(
    known.map((i) => ({ estimate: at(estimates, i), stated: at(stated, i) })),
    rate,
  );
  const reversals = new Map(known.map((i, place) => [i, found[place] as Reversal]));
  return Array.from(estimates, (estimate, i) => {
    const reversal = reversals.get(i);
    if (!reversal) return null;
    return {
      expected: line ? expected(at(stated, i)) : estimate,
      score: score(i),
      ...reversal,
    };
  });
}
