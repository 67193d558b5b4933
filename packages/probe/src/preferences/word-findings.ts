import { robustRegression } from '../robust-regression.ts';
import { benjaminiHochberg } from '../statistics/benjamini-hochberg.ts';
import { normalCdf } from '../statistics/normal.ts';
import { median } from '../statistics/quantiles.ts';
import type { PairWord } from './preference-analysis.ts';
import type { Weight } from './weights-with-errors.ts';

/** False discovery rate at which a word is flagged. */
const RATE = 0.05;
/** 1 / MAD of a standard normal. */
const MAD_TO_SIGMA = 1.4826;

/** What is known about a word before individual pairs are looked at. */
export type WordFinding = Omit<PairWord, 'carries'>;

export interface WordWeights {
  readonly tokens: ArrayLike<number>;
  readonly pairs: ArrayLike<number>;
  readonly inData: readonly Weight[];
  readonly learned: readonly Weight[];
}

/**
 * Compares what was learned about each word with what the data say. Prediction: robust regression of the learned
 * weights on those in the data, through the origin, each word divided by its standard error. z = (learned - slope
 * inData) / sqrt(se² + slope² se²), divided by the robust scale of all z where that exceeds 1 (Efron's empirical null);
 * p two-sided, q by Benjamini and Hochberg. The result is in the words' order; `slope` is in nats of margin per nat of
 * log-odds, 0 without words.
 */
export function findWords({ tokens, pairs, inData, learned }: WordWeights): {
  readonly slope: number;
  readonly words: readonly WordFinding[];
} {
  if (inData.length === 0) return { slope: 0, words: [] };
  const error = (j: number): number => (learned[j] as Weight).standardError;
  const slope = robustRegression(
    inData.map(({ value }, j) => [value / error(j)]),
    learned.map(({ value }, j) => value / error(j)),
  ).coefficients[0] as number;
  const raw = inData.map((data, j) => {
    const spread = Math.hypot(error(j), slope * data.standardError);
    return ((learned[j] as Weight).value - slope * data.value) / spread;
  });
  const scale = MAD_TO_SIGMA * (median(raw.map(Math.abs)) ?? 0);
  const scores = raw.map((z) => z / Math.max(1, scale));
  const p = scores.map((z) => Math.min(1, 2 * normalCdf(-Math.abs(z))));
  const q = benjaminiHochberg(p);
  return {
    slope,
    words: inData.map((data, j) => ({
      token: tokens[j] as number,
      n: pairs[j] as number,
      inData: data,
      learned: learned[j] as Weight,
      expected: slope * data.value,
      score: scores[j] as number,
      p: p[j] as number,
      q: q[j] as number,
      flagged: (q[j] as number) <= RATE,
    })),
  };
}
