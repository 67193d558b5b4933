import { curvature, fitBradleyTerry } from '../preferences/bradley-terry.ts';
import { clusteredErrors } from './clustered-errors.ts';
import type { Fit } from './clustered-errors.ts';
import { columnDesign, combine } from './columns.ts';
import type { Columns } from './columns.ts';
import type { Estimate } from './learned-effects.ts';

/** Weight of |w|² / 2 per pair, so that a property which decides every label has a finite effect. */
const RIDGE = 1e-3;

/** Pairs of replies, the preferred one first, as comparisons to be explained. */
export interface Comparisons {
  /** Differences of properties, preferred minus other, `[pairs]` each. */
  readonly differences: Columns;
  /** What every fit contains besides, such as the odds of a good rating; its effects are not given out. Default: nothing. */
  readonly constants?: Columns;
  /** How much each pair counts, above 0. */
  readonly weights: Float64Array;
  /** 1 where neither reply was preferred, so that half of the weight counts for either. */
  readonly ties: Uint8Array;
  /** Number of each pair's group; pairs of different groups share neither prompt nor reply. */
  readonly groups: Int32Array;
}

/** Effects on labels, and what they say of each pair. */
export interface LabelFit extends Fit {
  /** Log-odds of each pair's label. */
  readonly logits: Float64Array;
}

/** The columns that a fit of some properties consists of: constants first. */
export const labelColumns = (
  { constants = [], differences }: Comparisons,
  chosen: readonly number[],
): Columns => [...constants, ...chosen.map((j) => differences[j] as Float64Array)];

/**
 * Bradley-Terry effects (logits per unit) of some properties on the labels, given each other, with standard errors
 * clustered by group. Source: Bradley and Terry (1952); ties as half a win for either side.
 */
export function labelEffects(comparisons: Comparisons, chosen: readonly number[]): LabelFit {
  const { weights: counts, ties, constants = [] } = comparisons;
  const columns = labelColumns(comparisons, chosen);
  const pairs = counts.length;
  if (columns.length === 0) {
    const none = new Float64Array(0);
    return { weights: none, errors: none, logits: new Float64Array(pairs) };
  }
  const rows = Array.from({ length: pairs }, (_, i) => i);
  const tied = rows.filter((i) => ties[i] === 1);
  const design = columnDesign(columns, pairs).take([...rows, ...tied]);
  const l2 = RIDGE * pairs;
  const weights = fitBradleyTerry(design, {
    l2,
    signs: [...rows.map(() => 1), ...tied.map(() => -1)],
    weights: [
      ...rows.map((i) => (counts[i] as number) * (ties[i] === 1 ? 0.5 : 1)),
      ...tied.map((i) => (counts[i] as number) / 2),
    ],
  });
  const logits = combine(columns, weights, pairs);
  const misses = labelMisses(comparisons, logits);
  const hessian = labelInformation(comparisons, columns, logits);
  const scores = columns.map((column) => column.map((x, i) => x * (misses[i] as number)));
  const errors = clusteredErrors({ hessian, scores, groups: comparisons.groups });
  const own = constants.length;
  return { weights: weights.subarray(own), errors: errors.subarray(own), logits };
}

/** The effect of a property on labels, logits per standard deviation, given others. */
export function labelEffect(
  comparisons: Comparisons,
  property: number,
  others: readonly number[],
): Estimate {
  const around = others.filter((other) => other !== property);
  const { weights, errors } = labelEffects(comparisons, [...around, property]);
  return { value: weights.at(-1) as number, error: errors.at(-1) as number };
}

/** Second derivatives of the fit's objective at these logits, `[columns, columns]`. */
export function labelInformation(
  { weights }: Comparisons,
  columns: Columns,
  logits: Float64Array,
): Float64Array {
  const pairs = weights.length;
  const hessian = columnDesign(columns, pairs).gram(
    curvature(logits).map((each, i) => each * (weights[i] as number)),
  );
  for (let j = 0; j < columns.length; j++) {
    const at = j * columns.length + j;
    hessian[at] = (hessian[at] as number) + RIDGE * pairs;
  }
  return hessian;
}

/** Weighted negative log-likelihood of each pair's label, nats. */
export const labelLosses = (
  { weights, ties }: Pick<Comparisons, 'weights' | 'ties'>,
  logits: Float64Array,
): Float64Array =>
  logits.map((logit, i) => {
    const loss = Math.max(-logit, 0) + Math.log1p(Math.exp(-Math.abs(logit)));
    // The other side of a tie costs as much and the logit.
    return (weights[i] as number) * (ties[i] === 1 ? loss + logit / 2 : loss);
  });

/** Weighted share of each pair's label that the logits do not explain: derivative of its log-likelihood. */
export function labelMisses({ weights, ties }: Comparisons, logits: Float64Array): Float64Array {
  return logits.map((logit, i) => {
    const label = ties[i] === 1 ? 0.5 : 1;
    return (weights[i] as number) * (label - 1 / (1 + Math.exp(-logit)));
  });
}
