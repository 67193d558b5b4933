import { predict, robustRegression } from './robust-regression.ts';
import { benjaminiHochberg } from './statistics/benjamini-hochberg.ts';
import { normalCdf } from './statistics/normal.ts';

/** How far an estimate contradicts the stated feedback. */
export interface Contradiction {
  /** Estimate predicted from the stated feedback. */
  readonly expected: number;
  /** Larger means that it contradicts the stated feedback more. */
  readonly score: number;
  /** One-sided p-value of the contradiction. */
  readonly p: number;
  /** Benjamini-Hochberg adjusted `p`. */
  readonly q: number;
  readonly flagged: boolean;
}

/** Fewest words from which "what the stated feedback predicts" can be estimated. */
const FEWEST = 8;

/** Share of the estimates' own size below which their spread around the line is rounding error. */
const ROUNDING = 1e-9;

/**
 * How far each estimate contradicts the stated feedback, judged from the estimates alone: a robust regression line of
 * estimate on stated, and the residual against the stated side in units of the residuals' robust spread. score =
 * -sign(stated) residual / spread, p its upper normal tail, q by Benjamini and Hochberg over the words. A word is
 * flagged if q is at most `rate` and its estimate lies on the opposite side of neutral (the line at stated 0) from the
 * feedback. `null` for an estimate that is NaN. Words stated 0 have no side: score 0, p 1. With fewer than 8 other
 * words, or estimates that do not vary around the line, nothing is flagged.
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
  const scores = signed.map(score);
  const p = scores.map((value) => (value === 0 ? 1 : normalCdf(-value)));
  const q = benjaminiHochberg(p);
  const places = new Map(signed.map((i, place) => [i, place]));
  return Array.from(estimates, (estimate, i) => {
    if (Number.isNaN(estimate)) return null;
    const place = places.get(i);
    if (!line || place === undefined) {
      return { expected: line ? expected(0) : estimate, score: 0, p: 1, q: 1, flagged: false };
    }
    const adjusted = q[place] as number;
    return {
      expected: expected(at(stated, i)),
      score: scores[place] as number,
      p: p[place] as number,
      q: adjusted,
      flagged: adjusted <= rate && -Math.sign(at(stated, i)) * (estimate - expected(0)) > 0,
    };
  });
}
