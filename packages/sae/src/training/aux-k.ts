import {
  cast,
  matmul,
  minimum,
  mul,
  reduceSum,
  relu,
  stopGradient,
  sub,
  topKMask,
  where,
} from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';
import { mean, squaredErrors } from './objective.ts';
import type { Objective, StepInputs } from './objective.ts';

/** Below every pre-activation. */
const LEAST = -1e30;

export interface AuxKInputs {
  /** `[rows, dIn]` */
  readonly reconstruction: Tensor;
  /** Pre-activations of all features, `[rows, dSae]`; built only where they are needed. */
  readonly pre: () => Tensor;
  /** Factors that pre-activations are multiplied by to rank dead features, `[dSae]`; none by default. */
  readonly weight?: Tensor;
}

/**
 * AuxK (Gao et al. 2024, arXiv 2406.04093, appendix A.2): the dead features with the largest pre-activations, `auxK` per
 * row, negative ones dropped, reconstruct what the live ones leave of x; no gradient reaches the live ones through that
 * residual, and no bias takes part. The squared error is weighted as in SAELens, by `auxCoefficient` and, if there are
 * fewer than `auxK` dead features, by their number over `auxK`; Gao et al. weight it by 1/32 after dividing each of the two
 * errors by the variance of its target.
 */
export function auxK(
  { settings, x, sae, dead }: StepInputs,
  { reconstruction, pre, weight }: AuxKInputs,
): Pick<Objective, 'revival'> {
  const [dSae, dIn] = sae.wDec.shape as [number, number];
  const count = Math.min(dSae, settings.auxK ?? Math.max(1, Math.floor(dIn / 2)));
  if (settings.auxCoefficient === 0) return {};
  const all = pre();
  const ranked = where(dead, weight ? mul(all, weight) : all, LEAST);
  const chosen = mul(topKMask(ranked, count), cast(dead, 'float32'));
  const rest = stopGradient(sub(x, reconstruction));
  const error = mean(squaredErrors(matmul(mul(relu(all), chosen), sae.wDec), rest));
  const share = minimum(mul(reduceSum(cast(dead, 'float32'), [0]), 1 / count), 1);
  return { revival: mul(error, mul(share, settings.auxCoefficient)) };
}
