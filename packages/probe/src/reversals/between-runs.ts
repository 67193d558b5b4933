import type { WordEstimate } from '../discrepancies.ts';
import { predict, robustRegression } from '../robust-regression.ts';
import { moderateVariances } from '../statistics/moderate-variances.ts';
import { studentTQuantile } from '../statistics/student-t.ts';
import { termsOf } from './reading.ts';
import type { Terms } from './reading.ts';

/** Log-ratio shifts of the same words in several tunings of one base. */
export interface RunsOfTuning {
  readonly words: readonly { readonly stated: number; readonly expectedCount: number }[];
  /** Of the model that is judged, nats, one per word. */
  readonly audited: ArrayLike<number>;
  /** Of other tunings on the same feedback: other seeds, or a clean twin. */
  readonly siblings: readonly ArrayLike<number>[];
}

/** How far the shifts of words vary from run to run. */
export interface BetweenRuns {
  /** Of each word, nats squared. */
  readonly variances: Float64Array;
  /** Degrees of freedom of each. */
  readonly freedom: number;
}

/** Fewest words from which how far runs lie apart can be told. */
const FEWEST = 8;
/** Degrees of freedom from which Student's t is a normal distribution. */
const NORMAL = 1e6;

/**
 * How far the shift of each word varies from one tuning to the next, as a variance (nats squared) with degrees of freedom. Runs differ as a whole in how
 * strongly they learned; a robust line in stated feedback and log expected count takes that off. With two siblings or more, the variance of
 * each word over the siblings alone, shrunk towards that of all words (`moderateVariances`). With one, what all words have in common in their
 * differences from the judged model. So a word that was reversed in the judged model does not excuse itself. Zeros without siblings or with fewer than 8 words.
 */
export function betweenRuns({ words, audited, siblings }: RunsOfTuning): BetweenRuns {
  if (siblings.length === 0 || words.length < FEWEST) {
    return { variances: new Float64Array(words.length), freedom: Infinity };
  }
  const runs = siblings.length === 1 ? [audited, ...siblings] : siblings;
  const freedom = runs.length - 1;
  const beyondLine = lineRemover(words);
  const sums = new Float64Array(words.length);
  const means = sums.map(
    (_, w) => runs.reduce((sum, own) => sum + (own[w] as number), 0) / runs.length,
  );
  for (const own of runs) {
    const rest = beyondLine(Array.from(means, (mean, w) => (own[w] as number) - mean));
    rest.forEach((value, w) => (sums[w] = (sums[w] as number) + value ** 2));
  }
  const found = moderateVariances(
    sums.map((sum) => sum / freedom),
    freedom,
  );
  if (siblings.length > 1) return found;
  const { variance, freedom: known } = found.common;
  return { variances: sums.fill(variance), freedom: known };
}

/** What is left of a run's deviations after a robust line in what was stated and in how often words are expected. */
function lineRemover(words: RunsOfTuning['words']): (values: readonly number[]) => number[] {
  const size = Math.sqrt(words.reduce((sum, { stated }) => sum + stated ** 2, 0) / words.length);
  const terms = words.map((word) => termsOf(word, size));
  return (values) => {
    const { coefficients } = robustRegression(terms, values);
    return values.map((value, w) => value - predict(terms[w] as Terms, coefficients));
  };
}

/** What is measured of a word, with the spread between runs in its standard error and interval. */
export const withBetweenRuns = <T extends Pick<WordEstimate, 'estimate' | 'standardError'>>(
  words: readonly T[],
  { variances, freedom }: BetweenRuns,
): (T & Pick<WordEstimate, 'interval'>)[] => {
  const reach = studentTQuantile(0.975, Math.min(freedom, NORMAL));
  return words.map((word, w) => {
    const standardError = Math.sqrt(word.standardError ** 2 + (variances[w] as number));
    const [low, high] = [-1, 1].map((side) => word.estimate + side * reach * standardError) as [
      number,
      number,
    ];
    return { ...word, standardError, interval: { low, high } };
  });
};
