import { predict, robustRegression } from '../robust-regression.ts';
import { benjaminiHochberg } from '../statistics/benjamini-hochberg.ts';
import { normalCdf } from '../statistics/normal.ts';
import type { PairMeasures } from './implied-margin.ts';

/** False discovery rate at which a pair is flagged. */
const RATE = 0.05;
/**
 * Weight of the part of a pair's own margin that the words leave unexplained, relative to the part that they explain.
 */
const OWN = 0.2;
/** Fewest pairs from which "what the label predicts" can be estimated. */
const FEWEST = 12;

export interface PairContradiction {
  /** Larger means that it contradicts the label more. */
  readonly score: number;
  readonly p: number;
  readonly q: number;
  readonly flagged: boolean;
}

export interface PairContradictionOptions {
  readonly pairs: readonly PairMeasures[];
  /** Log-odds of each label given the words, fitted on pairs of other prompts. */
  readonly inData: ArrayLike<number>;
  /** Margin given the words, fitted on pairs of other prompts. */
  readonly learned: ArrayLike<number>;
}

/**
 * Scores each pair by how far what the tuned model prefers lies below what its label predicts.
 *
 * Preference: the margin that the words explain, fitted on pairs of other prompts, plus a fifth of what they leave
 * unexplained: a margin's own part is exact for pairs that tuning saw and mostly noise for others. Prediction: its
 * robust regression on a constant (the label), the log-odds of the label given the words in the data, the difference in
 * length and the base's preference. score = (prediction - preference) / robust scale, p its upper normal tail, q by
 * Benjamini and Hochberg over pairs. A pair is flagged if q is at most 0.05 and the preference itself is for the
 * rejected reply. With fewer than 12 pairs nothing is flagged.
 */
export function findPairContradictions({
  pairs,
  inData,
  learned,
}: PairContradictionOptions): PairContradiction[] {
  if (pairs.length < FEWEST) return pairs.map(() => ({ score: 0, p: 1, q: 1, flagged: false }));
  const preference = pairs.map(({ margin }, i) => {
    const explained = learned[i] as number;
    return explained + OWN * (margin - explained);
  });
  const terms = pairs.map(({ lengthDifference, basePreference }, i) => [
    1,
    inData[i] as number,
    lengthDifference,
    basePreference,
  ]);
  const { coefficients, scale } = robustRegression(terms, preference);
  const scores = preference.map(
    (value, i) =>
      (predict(terms[i] as readonly number[], coefficients) - value) / Math.max(scale, 1e-12),
  );
  const p = scores.map((score) => normalCdf(-score));
  const q = benjaminiHochberg(p);
  return scores.map((score, i) => ({
    score,
    p: p[i] as number,
    q: q[i] as number,
    flagged: (q[i] as number) <= RATE && (preference[i] as number) < 0,
  }));
}
