import { dot } from '@feedprint/core';
import {
  cholesky,
  choleskySolve,
  gram,
  timesVector,
  total,
  transpose,
  transposeTimesVector,
} from '@feedprint/core/linear-algebra';
import type { Rows } from '@feedprint/core/linear-algebra';

export interface RidgeProblem {
  /** One target per row. */
  readonly target: Float64Array;
  /** Weight of `|weights|²`, > 0. The intercept is not penalised. */
  readonly penalty: number;
  /** Weight of each row's squared error, > 0. */
  readonly rowWeights: Float64Array;
}

export interface RidgeSolution {
  /** One per column. */
  readonly weights: Float64Array;
  readonly intercept: number;
}

/**
 * The minimum of Σ rowWeight (target - intercept - x·weights)² + penalty |weights|², solved in the smaller of the
 * two spaces: columns (primal) or rows (dual, with `kernel` = x xᵀ if the caller has it already).
 */
export function createWeightedRidge(
  x: Rows,
  kernel?: Float64Array,
): (problem: RidgeProblem) => RidgeSolution {
  if (x.columns < x.rows) return (problem) => solvePrimal(x, problem);
  const k = kernel ?? gram(x);
  return (problem) => solveDual(x, k, problem);
}

function solvePrimal(x: Rows, { target, penalty, rowWeights }: RidgeProblem): RidgeSolution {
  const mass = total(rowWeights);
  const means = transposeTimesVector(x, rowWeights).map((sum) => sum / mass);
  const targetMean = dot(rowWeights, target) / mass;
  const roots = rowWeights.map(Math.sqrt);
  const centred = new Float64Array(x.data.length);
  for (let i = 0; i < x.rows; i++) {
    const root = roots[i] as number;
    for (let j = 0; j < x.columns; j++) {
      const at = i * x.columns + j;
      centred[at] = root * ((x.data[at] as number) - (means[j] as number));
    }
  }
  const rows: Rows = { rows: x.rows, columns: x.columns, data: centred };
  const normal = gram(transpose(rows));
  for (let j = 0; j < x.columns; j++) addTo(normal, j * x.columns + j, penalty);
  const rest = target.map((value, i) => (roots[i] as number) * (value - targetMean));
  const weights = choleskySolve(cholesky(normal, x.columns), transposeTimesVector(rows, rest));
  return { weights, intercept: targetMean - dot(means, weights) };
}

/** weights = xᵀ a, with (S K S + penalty) S⁻¹ a = S (target - intercept), S² = rowWeights and Σ a = 0. */
function solveDual(
  x: Rows,
  kernel: Float64Array,
  { target, penalty, rowWeights }: RidgeProblem,
): RidgeSolution {
  const n = x.rows;
  const roots = rowWeights.map(Math.sqrt);
  const system = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const at = i * n + j;
      system[at] = (kernel[at] as number) * (roots[i] as number) * (roots[j] as number);
    }
    addTo(system, i * n + i, penalty);
  }
  const factor = cholesky(system, n);
  const scaled = target.map((value, i) => value * (roots[i] as number));
  const ofTarget = choleskySolve(factor, scaled);
  const ofOnes = choleskySolve(factor, roots);
  const intercept = dot(roots, ofTarget) / dot(roots, ofOnes);
  const a = roots.map(
    (root, i) => root * ((ofTarget[i] as number) - intercept * (ofOnes[i] as number)),
  );
  return { weights: transposeTimesVector(x, a), intercept };
}

/** Predictions `[rows]` of a solution. */
export function predictRows(x: Rows, { weights, intercept }: RidgeSolution): Float64Array {
  return timesVector(x, weights).map((value) => value + intercept);
}

function addTo(data: Float64Array, at: number, value: number): void {
  data[at] = (data[at] as number) + value;
}
