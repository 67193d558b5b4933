import { matrix, takeRows } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import {
  attributionOf,
  attributionSubspace,
  differenceSubspace,
  spannedSubspace,
} from '@feedprint/probe';
import type { Subspace } from '@feedprint/probe';
import type { SiteFit } from './fit.ts';

/** Numbers of directions that the ways of choosing them are compared at. */
const DIRECTIONS = [1, 8];

/** As many directions at one site, chosen in some way. */
export interface MethodSubspace {
  readonly method: string;
  readonly directions: number;
  readonly subspace: Subspace;
}

/** A dictionary's vectors in the residual stream, `[features, width]`. */
export interface Vectors {
  readonly method: string;
  readonly vectors: Matrix;
}

/**
 * Subspaces of equal numbers of directions, all chosen on the texts for fitting: the leading ones by attribution and by size of the difference,
 * and the entries of dictionaries, and single units, that are largest by attribution, one by one.
 */
export function methodSubspaces(
  { cross, metric, moments, mean }: SiteFit,
  dictionaries: readonly Vectors[],
): MethodSubspace[] {
  const entries = [...dictionaries, { method: 'units', vectors: unitVectors(metric.width) }].map(
    ({ method, vectors }) => {
      const effects = attributionOf(vectors, cross, metric);
      const order = [...effects.keys()].sort(
        (a, b) => (effects[b] as number) - (effects[a] as number) || a - b,
      );
      return {
        method,
        choose: (k: number) => spannedSubspace(takeRows(vectors, order.slice(0, k)), metric),
      };
    },
  );
  const ways = [
    { method: 'attribution', choose: (k: number) => attributionSubspace(cross, metric, k) },
    { method: 'difference', choose: (k: number) => differenceSubspace(moments, metric, k) },
    ...entries,
  ];
  const meanOnly = {
    method: 'mean difference',
    directions: 1,
    subspace: spannedSubspace(matrix(1, mean.length, mean), metric),
  };
  return [
    ...DIRECTIONS.flatMap((k) =>
      ways.map(({ method, choose }) => ({ method, directions: k, subspace: choose(k) })),
    ),
    meanOnly,
  ].filter(({ subspace }) => subspace.read.rows > 0);
}

function unitVectors(width: number): Matrix {
  const units = matrix(width, width);
  for (let i = 0; i < width; i++) units.data[i * width + i] = 1;
  return units;
}
