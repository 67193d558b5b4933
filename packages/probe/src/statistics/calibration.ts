import { FeedprintError } from '@feedprint/core';
import { assertPaired, assertProbabilities } from './checks.ts';
import { countPositives } from './labels.ts';

/** Predictions of nearly the same probability. */
export interface ReliabilityBin {
  /** The bin contains probabilities above `low` (in the first bin also 0) up to and including `high`. */
  readonly low: number;
  readonly high: number;
  readonly n: number;
  /** Mean predicted probability. */
  readonly predicted: number;
  /** Share of positives. */
  readonly observed: number;
}

export interface Calibration {
  /** Bins that contain predictions, ascending. */
  readonly bins: readonly ReliabilityBin[];
  /** Expected calibration error: mean |observed - predicted| over the bins, weighted by their number of predictions. */
  readonly expectedError: number;
}

/**
 * How well predicted probabilities of class 1 match observed frequencies, in bins of equal width; `undefined` without
 * predictions. Throws `numbers-invalid` for labels other than 0 and 1 and probabilities outside [0, 1],
 * `config-invalid` for a number of bins that is not whole and above 0. Source: Naeini, Cooper and Hauskrecht (2015).
 */
export function calibration(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  bins = 10,
): Calibration | undefined {
  assertPaired(probabilities, labels, ['probabilities', 'labels']);
  assertProbabilities(probabilities, 'the list of probabilities');
  countPositives(labels);
  assertBins(bins);
  if (labels.length === 0) return undefined;
  const edges = Array.from({ length: bins + 1 }, (_, i) => i / bins);
  const sums = Array.from({ length: bins }, () => ({ n: 0, predicted: 0, positives: 0 }));
  for (let i = 0; i < labels.length; i++) {
    const p = probabilities[i] as number;
    const at = Math.max(0, edges.findIndex((edge) => p <= edge) - 1);
    const bin = sums[at] as { n: number; predicted: number; positives: number };
    bin.n++;
    bin.predicted += p;
    bin.positives += labels[i] as number;
  }
  const filled = sums.flatMap(({ n, predicted, positives }, i): ReliabilityBin[] =>
    n === 0
      ? []
      : [
          {
            low: edges[i] as number,
            high: edges[i + 1] as number,
            n,
            predicted: predicted / n,
            observed: positives / n,
          },
        ],
  );
  const expectedError = filled.reduce(
    (sum, { n, predicted, observed }) => sum + (n / labels.length) * Math.abs(observed - predicted),
    0,
  );
  return { bins: filled, expectedError };
}

function assertBins(bins: number): void {
  if (Number.isInteger(bins) && bins >= 1) return;
  throw new FeedprintError({
    code: 'config-invalid',
    message: `calibration was asked for ${bins} bins`,
    remedy: 'ask for a whole number of at least 1',
  });
}
