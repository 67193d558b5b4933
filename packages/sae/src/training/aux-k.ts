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
  /** What dead features are ranked by, if not their pre-activations, `[dSae]` factors. */
  readonly weight?: Tensor;
}

/**
 * AuxK (Gao et al. 2024, arXiv 2406.04093, appendix A.2): the dead features of largest pre-activation, `auxK` a row, negative ones
 * dropped, reconstruct what the live ones leave of x; no gradient passes to the live ones through that rest, and no bias takes
 * part. The squared error is weighted as in SAELens, by `auxCoefficient` and by the number of dead features over `auxK` where
 * there are fewer; Gao et al. weigh it by 1/32 after dividing each of the two errors by the variance of what it is an error of.
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
