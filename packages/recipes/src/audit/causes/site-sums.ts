import { matrix, norm, takeRows } from '@feedprint/core';
import {
  CHUNK,
  createColumns,
  createCrossProducts,
  fillColumns,
} from '@feedprint/core/linear-algebra';
import type { Matrix } from '@feedprint/core';
import { predictionMetric } from '@feedprint/probe';
import type { Metric } from '@feedprint/probe';
import { differenceOf } from './exchange.ts';
import type { Pair } from './exchange.ts';

/** Rows of differences that random directions are mixed from. */
const KEPT = 512;

/** Sums over positions at one site: d is the difference of activations there, g the gradient, s the gradient of drawn tokens. */
export interface SiteSums {
  readonly metric: Metric;
  /** Sum over positions of g d', `[width, width]`. */
  readonly cross: Float64Array;
  /** Sum of d d', `[width, width]`. */
  readonly moments: Float64Array;
  /** Mean difference, tuned minus base, and mean of the base's activations, `[width]`. */
  readonly mean: Float32Array;
  readonly baseMean: Float32Array;
  /** Some of the differences, tuned minus base, about their mean, `[rows, width]`; absent if they are the same everywhere. */
  readonly variations?: Matrix;
}

/** Adds up what directions are made from, a few rows at a time. */
export function createSiteSums(width: number) {
  const [cross, moments, scores] = [
    createCrossProducts(width, width),
    createCrossProducts(width, width, true),
    createCrossProducts(width, width, true),
  ];
  const [a, b] = [createColumns(width), createColumns(width)];
  const [origin, ignored, sum, baseSum] = [
    new Float32Array(width),
    new Float64Array(width),
    new Float64Array(width),
    new Float64Array(width),
  ];
  const kept: Matrix[] = [];
  let [positions, scored] = [0, 0];
  return {
    addScores(m: Matrix): void {
      for (let start = 0; start < m.rows; start += CHUNK) {
        fillColumns(a, m, [start, Math.min(m.rows, start + CHUNK)], origin, ignored);
        scores.add(a, a);
      }
      scored += m.rows;
    },
    addPair(gradient: Matrix, pair: Pair): void {
      const difference = differenceOf(pair, 'tuned');
      pair.base.data.forEach((v, at) => {
        baseSum[at % width] = (baseSum[at % width] as number) + v;
      });
      for (let start = 0; start < gradient.rows; start += CHUNK) {
        const range = [start, Math.min(gradient.rows, start + CHUNK)] as const;
        fillColumns(a, gradient, range, origin, ignored);
        fillColumns(b, difference, range, origin, sum);
        cross.add(a, b);
        moments.add(b, b);
      }
      positions += gradient.rows;
      kept.push(difference);
    },
    result(): SiteSums {
      const every = Math.max(1, Math.ceil(positions / KEPT));
      const data = new Float32Array(kept.reduce((n, m) => n + m.data.length, 0));
      let at = 0;
      for (const m of kept) data.set(m.data, (at += m.data.length) - m.data.length);
      const all = matrix(positions, width, data);
      const mean = Float32Array.from(sum, (v) => v / positions);
      const variations = aboutMean(
        takeRows(
          all,
          Array.from({ length: Math.ceil(positions / every) }, (_, i) => i * every),
        ),
        mean,
      );
      return {
        baseMean: Float32Array.from(baseSum, (v) => v / positions),
        metric: predictionMetric(scores.dense(), { width, positions: scored }),
        cross: cross.dense(),
        moments: moments.dense(),
        mean,
        ...(variations && { variations }),
      };
    },
  };
}

/** What remains of equal rows after centring is rounding error. */
const ROUNDING = 1e-3;

function aboutMean(rows: Matrix, mean: Float32Array): Matrix | undefined {
  const data = rows.data.map((v, at) => v - (mean[at % rows.columns] as number));
  return norm(data) > ROUNDING * norm(rows.data)
    ? matrix(rows.rows, rows.columns, data)
    : undefined;
}
