import { dot } from '@feedprint/core';
import { solveNormal } from './conjugate-gradient.ts';
import type { Design } from './design.ts';
import { predictDifferences } from './difference-ridge.ts';

const mostSteps = 50;
/**
 * Residual of each Newton step's equations; the error shrinks by about this factor per step (Dembo, Eisenstat and
 * Steihaug 1982).
 */
const INEXACT = 1e-2;

export interface BradleyTerryOptions {
  /** Weight of |w|² / 2. */
  readonly l2: number;
  /** +1 where the row's first reply is preferred, -1 where the second is. Default: all +1. */
  readonly signs?: ArrayLike<number>;
  /** How much each row counts, above 0. Default: 1. */
  readonly weights?: ArrayLike<number>;
  readonly start?: Float64Array;
  /**
   * A step that lowers the objective by less than this share ends the search. Default 1e-15, as exact as f64 allows.
   */
  readonly leastGain?: number;
}

/**
 * Bradley-Terry weights of the parts of replies: the minimum of Σ weight log(1 + exp(-sign x·w)) + (l2 / 2) |w|² over
 * differences `x`, preferred reply minus the other. Logistic regression without an intercept, by an inexact Newton
 * method. Source: Bradley and Terry (1952).
 */
export function fitBradleyTerry(
  x: Design,
  {
    l2,
    signs,
    weights: given,
    start = new Float64Array(x.columns),
    leastGain = 1e-15,
  }: BradleyTerryOptions,
): Float64Array {
  const side = signs ? Float64Array.from(signs) : new Float64Array(x.rows).fill(1);
  const counts = given ? Float64Array.from(given) : undefined;
  const objective = (w: Float64Array): number =>
    logLoss(predictDifferences(x, w), side, counts) + (l2 / 2) * dot(w, w);
  let weights: Float64Array = Float64Array.from(start);
  let value = objective(weights);
  const gradient = new Float64Array(x.columns);
  for (let step = 0; step < mostSteps; step++) {
    const logits = predictDifferences(x, weights);
    const misses = logits.map(
      (logit, i) => (counts?.[i] ?? 1) * (side[i] as number) * chance(-logit * (side[i] as number)),
    );
    x.transposeTimes(misses, gradient);
    const right = gradient.map((g, j) => g - l2 * (weights[j] as number));
    const direction = solveNormal(x, {
      weights: curvature(logits).map((each, i) => (counts?.[i] ?? 1) * each),
      penalty: l2,
      right,
      start: new Float64Array(x.columns),
      tolerance: INEXACT,
    });
    const next = firstGain(weights, direction, value, objective);
    if (!next) break;
    const gain = value - next.value;
    ({ weights, value } = next);
    if (gain <= leastGain * value) break;
  }
  return weights;
}

/** p (1 - p) of each logit: weight of its row in the Hessian. */
export const curvature = (logits: Float64Array): Float64Array =>
  logits.map((logit) => chance(logit) * chance(-logit));

const chance = (logit: number): number =>
  logit >= 0 ? 1 / (1 + Math.exp(-logit)) : Math.exp(logit) / (1 + Math.exp(logit));

/** Σ weight log(1 + exp(-sign logit)); without weights, all are 1. */
export function logLoss(logits: Float64Array, signs: Float64Array, weights?: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    const against = -(logits[i] as number) * (signs[i] as number);
    const loss = Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(against)));
    sum += (weights?.[i] ?? 1) * loss;
  }
  return sum;
}

function firstGain(
  from: Float64Array,
  direction: Float64Array,
  value: number,
  objective: (weights: Float64Array) => number,
): { readonly weights: Float64Array; readonly value: number } | undefined {
  for (let share = 1; share > 1e-6; share /= 2) {
    const weights = from.map((w, j) => w + share * (direction[j] as number));
    const next = objective(weights);
    if (next < value) return { weights, value: next };
  }
  return undefined;
}
