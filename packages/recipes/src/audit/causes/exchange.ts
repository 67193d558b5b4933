import { dot, matrix, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import type { Subspace } from '@feedprint/probe';
import type { ModelRole } from '../model-role.ts';

/** Both models' activations of a site at the same positions, `[positions, width]` each. */
export type Pair = Readonly<Record<ModelRole, Matrix>>;

/** What one model's activations at a site are replaced with. */
export interface Intervention {
  readonly model: ModelRole;
  readonly site: string;
  activations(pair: Pair): Matrix;
}

export interface ExchangeOptions {
  readonly model: ModelRole;
  readonly site: string;
  /** What is exchanged; default: all of it. */
  readonly subspace?: Subspace;
  /** Default 1; beyond, more than the difference. */
  readonly dose?: number;
}

/** Moves a model's activations towards the other model's, along a subspace. */
export const exchange = ({ model, site, subspace, dose = 1 }: ExchangeOptions): Intervention => ({
  model,
  site,
  activations(pair) {
    const from = pair[model];
    const difference = differenceOf(pair, model === 'tuned' ? 'base' : 'tuned');
    const step = subspace ? componentsIn(subspace, difference) : difference;
    return plus(from, step, dose);
  },
});

/** Holds a model's component in a subspace at that of one vector `[width]`, at every position. */
export const hold = (
  model: ModelRole,
  site: string,
  subspace: Subspace,
  at: ArrayLike<number>,
): Intervention => ({
  model,
  site,
  activations({ [model]: from }) {
    const gap = matrix(
      from.rows,
      from.columns,
      from.data.map((v, i) => (at[i % from.columns] as number) - v),
    );
    return plus(from, componentsIn(subspace, gap), 1);
  },
});

/** Adds a direction `[width]` at every position. */
export const steering = (
  model: ModelRole,
  site: string,
  direction: ArrayLike<number>,
  dose: number,
): Intervention => ({
  model,
  site,
  activations({ [model]: from }) {
    const result = matrix(from.rows, from.columns, from.data.slice());
    for (let at = 0; at < result.data.length; at++) {
      result.data[at] =
        (result.data[at] as number) + dose * (direction[at % from.columns] as number);
    }
    return result;
  },
});

/** One model's activations minus the other's. */
export function differenceOf({ base, tuned }: Pair, of: ModelRole): Matrix {
  const [to, from] = of === 'tuned' ? [tuned, base] : [base, tuned];
  return matrix(
    to.rows,
    to.columns,
    to.data.map((v, at) => v - (from.data[at] as number)),
  );
}

/** Coefficients of each row in a subspace, `[rows, directions]`. */
export function coefficientsIn({ read }: Subspace, rows: Matrix): Matrix {
  const result = matrix(rows.rows, read.rows);
  for (let r = 0; r < rows.rows; r++) {
    for (let k = 0; k < read.rows; k++) {
      result.data[r * read.rows + k] = dot(row(read, k), row(rows, r));
    }
  }
  return result;
}

function componentsIn(subspace: Subspace, rows: Matrix): Matrix {
  const coefficients = coefficientsIn(subspace, rows);
  const result = matrix(rows.rows, rows.columns);
  for (let r = 0; r < rows.rows; r++) {
    const target = row(result, r);
    for (let k = 0; k < coefficients.columns; k++) {
      const along = coefficients.data[r * coefficients.columns + k] as number;
      const direction = row(subspace.write, k);
      for (let i = 0; i < target.length; i++)
        target[i] = (target[i] as number) + along * (direction[i] as number);
    }
  }
  return result;
}

function plus(from: Matrix, step: Matrix, dose: number): Matrix {
  const data = from.data.map((v, at) => v + dose * (step.data[at] as number));
  return matrix(from.rows, from.columns, data);
}

/** The component of a direction `[width]` in a subspace. */
export const componentOf = (subspace: Subspace, direction: Float32Array): Float32Array =>
  componentsIn(subspace, matrix(1, direction.length, direction)).data;
