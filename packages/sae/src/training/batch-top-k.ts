import { add, cast, greaterOrEqual, less, maximum, mul, relu, sub, where } from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';
import { preActivations } from '../architectures/sae-tensors.ts';
import { kthLargest } from './kth-largest.ts';
import type { StepInputs, Training } from './objective.ts';
import type { SaeTrainingSettings } from './settings.ts';

/** A threshold below 0 means that there is none yet. */
const UNKNOWN = -1;

export interface BatchTopK {
  /** Features, `[rows, dSae]`. */
  readonly z: Tensor;
  /** Pre-activations of all features, `[rows, dSae]`. */
  readonly pre: Tensor;
  readonly running: Readonly<Record<'threshold', Tensor>>;
}

/**
 * The k x rows largest activations of a batch, exactly; ties at the boundary are all kept (Bussmann et al. 2024, arXiv
 * 2412.06410). `weight` `[dSae]` holds factors for ranking them. The smallest one kept, or 0 if fewer are positive, enters
 * the running threshold that takes the place of the batch outside training: the paper averages it over all batches, this
 * over the latest, as SAELens does.
 */
export function batchTopK(
  { settings, sae, x, running }: StepInputs,
  k: number,
  weight?: Tensor,
): BatchTopK {
  const pre = preActivations(sae, x, true);
  const score = weight ? mul(pre, weight) : pre;
  const least = maximum(kthLargest(score, k * (x.shape[0] as number)), 0);
  const z = mul(relu(pre), cast(greaterOrEqual(score, least), 'float32'));
  const known = running['threshold'] as Tensor;
  const moved = add(known, mul(sub(least, known), thresholdRate(settings)));
  return { z, pre, running: { threshold: where(less(known, 0), least, moved) } };
}

/** Weight of a step in the running threshold: an average over about 100 steps, or a tenth of a run shorter than 1,000. */
export const thresholdRate = ({ tokens, batchRows }: SaeTrainingSettings): number =>
  Math.min(1, Math.max(0.01, (10 * batchRows) / tokens));

/** The state and the weights that kinds with a running threshold share. */
export const runningThreshold = {
  running: { threshold: UNKNOWN },
  toExtra: (read, dSae) => ({
    threshold: new Float32Array(dSae).fill(Math.max(0, read('threshold')[0] as number)),
  }),
} satisfies Partial<Training>;
