import { fitReversalMixture } from './mixture.ts';
import type { ReversalMixture } from './mixture.ts';
import type { Reading, Told } from './reading.ts';

/** Whether something was learned the other way round. */
export interface Reversal {
  /** Posterior probability that it was, given the estimate. */
  readonly reversed: number;
  /** False discovery rate of the list of everything at least as probable: the mean probability that these were not. */
  readonly q: number;
  readonly flagged: boolean;
}

export interface Reversals {
  /** One per item. */
  readonly found: readonly Reversal[];
  /** `undefined` where nothing could be fitted, and so nothing is flagged. */
  readonly mixture?: ReversalMixture;
  /** How each item reads, if there is a mixture. */
  readonly readings?: readonly Reading[];
}

/**
 * Least probability of a reversal that is flagged, however good the rest of the list: a local false discovery rate of 0.2, Efron's (2004). Where many
 * words are reversed, the sure ones would otherwise pay for doubtful ones, and the tails of the mixture decide.
 */
export const LEAST = 0.8;

/**
 * Flags the longest list of items, by falling probability of a reversal, whose Bayesian false discovery rate (the mean of
 * 1 - probability; Newton et al. 2004) is at most `rate`. Items stated 0 have no other way round: probability 0, q 1. The same holds for all
 * where no mixture can be fitted; see `fitReversalMixture`.
 */
export function findReversals(items: readonly Told[], rate = 0.05): Reversals {
  const mixture = fitReversalMixture(items);
  if (!mixture) return { found: items.map(() => ({ reversed: 0, q: 1, flagged: false })) };
  const readings = items.map((item) => mixture.read(item));
  const reversed = items.map(({ stated }, i) =>
    stated === 0 ? 0 : (readings[i] as Reading).posterior.reversed,
  );
  const q = falseDiscoveryRates(reversed);
  const found = reversed.map((probability, i) => ({
    reversed: probability,
    q: items[i]?.stated === 0 ? 1 : (q[i] as number),
    flagged: probability > LEAST && (q[i] as number) <= rate,
  }));
  return { found, mixture, readings };
}

/** For each probability, the mean of 1 - probability over all that are at least as large. */
function falseDiscoveryRates(probabilities: readonly number[]): Float64Array {
  const order = Array.from(probabilities, (_, i) => i).sort(
    (a, b) => (probabilities[b] as number) - (probabilities[a] as number) || a - b,
  );
  const rates = new Float64Array(probabilities.length);
  let [sum, from] = [0, 0];
  for (const [place, i] of order.entries()) {
    sum += 1 - (probabilities[i] as number);
    const last = probabilities[order[place + 1] as number] !== probabilities[i];
    if (!last) continue;
    for (; from <= place; from++) rates[order[from] as number] = sum / (place + 1);
  }
  return rates;
}

/** The probability of a reversal from which one more item would have been flagged. */
export function flaggingProbability(found: readonly Reversal[], rate = 0.05): number {
  const flagged = found.filter((one) => one.flagged);
  const spent = flagged.reduce((sum, { reversed }) => sum + 1 - reversed, 0);
  return Math.max(LEAST, 1 - Math.max(0, rate * (flagged.length + 1) - spent));
}
