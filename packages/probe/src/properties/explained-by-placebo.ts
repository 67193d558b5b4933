import { pearsonCoefficient } from '../statistics/correlation.ts';
import type { LogRatios } from './property-evidence.ts';

/**
 * Share of the variance of R over the replies that a placebo was asked about which its own R explains (squared
 * correlation, 0 where it is negative): 1 for a tuned model that is the placebo. Null where either is constant.
 */
export function explainedByPlacebo(own: LogRatios, placebo: LogRatios): number | null {
  const of = ({ base, tuned }: LogRatios): number[] => [
    ...base.subarray(0, placebo.base.length),
    ...tuned.subarray(0, placebo.tuned.length),
  ];
  const r = pearsonCoefficient(of(own), of(placebo));
  return r === undefined ? null : Math.max(0, r) ** 2;
}
