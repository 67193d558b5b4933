import { rateOf } from '../planted/rate.ts';
import type { Rate } from '../planted/rate.ts';
import type { Interval } from './interval.ts';
import { normalQuantile } from './normal.ts';

/** How often a judge said yes: of items that are, of items that are not, and of those whose rate is wanted. */
export interface JudgedRates {
  /** Yes among items known to deserve it. */
  readonly sensitivity: { readonly events: number; readonly trials: number };
  /** No among items known not to deserve a yes. */
  readonly specificity: { readonly events: number; readonly trials: number };
  readonly observed: { readonly events: number; readonly trials: number };
}

export interface CorrectedRate {
  readonly observed: Rate;
  /** In [0, 1]; null where the judge does no better than chance, so that nothing follows from it. */
  readonly value: number | null;
  /** 95 %, with what is not known of the judge. */
  readonly interval: Interval | null;
}

/**
 * The rate behind a judge's yeses, corrected for what it gets wrong (Rogan and Gladen 1978): (observed + specificity - 1) /
 * (sensitivity + specificity - 1), with the interval of Lang and Reiczigel (2014), which allows for both being estimated.
 * Throws `numbers-invalid` for counts that are no shares.
 */
export function roganGladen({ sensitivity, specificity, observed }: JudgedRates): CorrectedRate {
  const rate = rateOf(observed.events, observed.trials);
  for (const { events, trials } of [sensitivity, specificity]) rateOf(events, trials);
  const none = { observed: rate, value: null, interval: null };
  if (rate.value === null || sensitivity.trials === 0 || specificity.trials === 0) return none;
  const z = normalQuantile(0.975);
  const plain = youden(share(sensitivity), share(specificity));
  // As if two more items had been judged, one either way; and z^2 more whose rate is wanted.
  const se = share({ events: sensitivity.events + 1, trials: sensitivity.trials + 2 });
  const sp = share({ events: specificity.events + 1, trials: specificity.trials + 2 });
  if (!(plain > 0) || !(youden(se, sp) > 0)) return none;
  const n = observed.trials + z * z;
  const p = (observed.events + (z * z) / 2) / n;
  const middle = (p + sp - 1) / youden(se, sp);
  const ofSe = (se * (1 - se)) / (sensitivity.trials + 2);
  const ofSp = (sp * (1 - sp)) / (specificity.trials + 2);
  const shift = 2 * z * z * (middle * ofSe - (1 - middle) * ofSp);
  const spread = Math.sqrt((p * (1 - p)) / n + middle ** 2 * ofSe + (1 - middle) ** 2 * ofSp);
  const reach = (z * spread) / youden(se, sp);
  const value = clamp((rate.value + share(specificity) - 1) / plain);
  return {
    observed: rate,
    value,
    interval: {
      low: Math.min(value, clamp(middle + shift - reach)),
      high: Math.max(value, clamp(middle + shift + reach)),
    },
  };
}

const share = ({ events, trials }: { readonly events: number; readonly trials: number }): number =>
  events / trials;
const youden = (sensitivity: number, specificity: number): number => sensitivity + specificity - 1;
const clamp = (value: number): number => Math.min(1, Math.max(0, value));
