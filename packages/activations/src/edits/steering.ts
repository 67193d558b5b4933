import { matrix } from '@feedprint/core';
import type { Matrix, Site } from '@feedprint/core';
import { add } from '@feedprint/graph';
import type { GraphEdit } from '@feedprint/graph';

export interface Steering {
  readonly site: Site;
  /** `[width]` */
  readonly direction: Float32Array;
  /** How many times the direction is added. Default 1. */
  readonly dose?: number;
}

/**
 * Adds a direction to a site's activations at every position (Turner et al. 2023, arXiv 2308.10248). With a dose of 0 the
 * activations pass through untouched.
 */
export function steer({ site, direction, dose = 1 }: Steering): GraphEdit {
  const step = direction.map((v) => dose * v);
  return {
    site,
    splice: (x) => (dose === 0 ? x : add(x, x.graph.constant(step, [step.length]))),
    apply: (x) => (dose === 0 ? x : shifted(x, step)),
  };
}

function shifted(x: Matrix, step: Float32Array): Matrix {
  const result = matrix(x.rows, x.columns, x.data.slice());
  for (let at = 0; at < result.data.length; at++) {
    result.data[at] = (result.data[at] as number) + (step[at % x.columns] as number);
  }
  return result;
}
