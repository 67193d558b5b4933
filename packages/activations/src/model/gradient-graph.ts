import type { Site } from '@feedprint/core';
import {
  customGradient,
  gatherElements,
  gradients,
  greaterOrEqual,
  logSoftmax,
  maximum,
  mul,
  reduceSum,
  where,
} from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';
import type { Tap } from '../architectures/forward-context.ts';

/** What a pass differentiates, and with respect to which sites' activations; outputs are named by `gradientOf`. */
export interface GradientPlan {
  readonly sites: readonly Site[];
  /**
   * The summed log-probability of the input `targets` `[positions, 1]`, with -1 for none, or logits times the input
   * `cotangents`.
   */
  readonly of: 'targets' | 'cotangents';
}

export const gradientOf = (site: Site): string => `gradient:${site}`;

/**
 * A tap that also records the activations at the sites, each as a tensor of its own: exactly what passes through the
 * site.
 */
export function noteActivations(tap: Tap, sites: readonly Site[], noted: Map<Site, Tensor>): Tap {
  const note = (site: Site, activation: Tensor): Tensor => {
    const x = tap(site, activation);
    if (!sites.includes(site)) return x;
    const own = customGradient(x, [x], (g) => [g]);
    noted.set(site, own);
    return own;
  };
  return Object.assign(note, { wants: (site: Site) => sites.includes(site) || tap.wants(site) });
}

/** Gradients of what the plan names, computed from logits `[positions, vocabulary]`. */
export function addGradients(
  logits: Tensor,
  { sites, of }: GradientPlan,
  noted: ReadonlyMap<Site, Tensor>,
): Record<string, Tensor> {
  const loss = of === 'targets' ? logProbability(logits) : alongCotangents(logits);
  const slopes = gradients(
    loss,
    sites.map((site) => noted.get(site) as Tensor),
  );
  return Object.fromEntries(sites.map((site, i) => [gradientOf(site), slopes[i] as Tensor]));
}

function logProbability(logits: Tensor): Tensor {
  const targets = logits.graph.input('targets', 'int32', ['positions', 1]);
  const chosen = gatherElements(logSoftmax(logits), maximum(targets, 0), -1);
  return reduceSum(where(greaterOrEqual(targets, 0), chosen, 0), [0, 1]);
}

const alongCotangents = (logits: Tensor): Tensor =>
  reduceSum(mul(logits, logits.graph.input('cotangents', 'float32', logits.shape)), [0, 1]);
