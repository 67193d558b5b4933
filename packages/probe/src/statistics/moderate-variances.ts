import { median } from './quantiles.ts';
import { digamma, trigamma, trigammaInverse } from './polygamma.ts';

export interface ModeratedVariances {
  /** One per sample variance, shrunk towards what they have in common. */
  readonly variances: Float64Array;
  /** Degrees of freedom of each; infinite where the sample variances differ no more than chance makes them. */
  readonly freedom: number;
  /** What they are shrunk towards: all that is known of a thing that was not measured. */
  readonly common: { readonly variance: number; readonly freedom: number };
}

/** Share of the median below which a sample variance is taken for rounding. */
const LEAST = 1e-5;

/**
 * Variances of many things of which each was measured a few times: sample variances with `freedom` degrees of freedom each, shrunk towards a common
 * one as far as their own scatter asks for. True variances are taken to follow a scaled inverse chi-squared distribution, whose scale and
 * degrees of freedom are those that the mean and the variance of the logarithms give. Source: Smyth 2004, sections 3 and 6.2 (limma).
 * All zero where the median is.
 */
export function moderateVariances(sample: ArrayLike<number>, freedom: number): ModeratedVariances {
  const own = Float64Array.from(sample);
  const least = LEAST * (median(own) ?? 0);
  if (!(least > 0)) return nothingVaries(own.length);
  const logs = own.map(
    (value) => Math.log(Math.max(value, least)) - digamma(freedom / 2) + Math.log(freedom / 2),
  );
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  const scatter =
    logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, logs.length - 1) -
    trigamma(freedom / 2);
  if (!(scatter > 0)) {
    const common = { variance: Math.exp(mean), freedom: Infinity };
    return { variances: own.map(() => common.variance), freedom: Infinity, common };
  }
  const prior = 2 * trigammaInverse(scatter);
  const variance = Math.exp(mean + digamma(prior / 2) - Math.log(prior / 2));
  return {
    variances: own.map((value) => (prior * variance + freedom * value) / (prior + freedom)),
    freedom: prior + freedom,
    common: { variance, freedom: prior },
  };
}

const nothingVaries = (count: number): ModeratedVariances => ({
  variances: new Float64Array(count),
  freedom: Infinity,
  common: { variance: 0, freedom: Infinity },
});
