import type { DensityHistogram, Matrix, SaeMetrics } from '@feedprint/core';

export type FeatureMetrics = Pick<
  SaeMetrics,
  'rows' | 'l0' | 'l1' | 'alive' | 'dead' | 'density' | 'densityHistogram'
>;

/** How often and how strongly features are active, gathered batch by batch. */
export interface FeatureStatistics {
  /** `[rows, dSae]`, never negative. */
  add(z: Matrix): void;
  result(): FeatureMetrics;
}

/** Log10 of the lowest density that has a bin of its own; bins per decade. */
const LOWEST = -8;
const PER_DECADE = 4;

export function createFeatureStatistics(dSae: number): FeatureStatistics {
  const fired = new Float64Array(dSae);
  let [rows, active, total] = [0, 0, 0];
  return {
    add(z) {
      for (let r = 0, at = 0; r < z.rows; r++) {
        for (let feature = 0; feature < dSae; feature++, at++) {
          const value = z.data[at] as number;
          if (!(value > 0)) continue;
          fired[feature] = (fired[feature] as number) + 1;
          active++;
          total += value;
        }
      }
      rows += z.rows;
    },
    result() {
      const dead = fired.reduce((count, times) => count + (times === 0 ? 1 : 0), 0);
      return {
        rows,
        l0: active / rows,
        l1: total / rows,
        alive: (dSae - dead) / dSae,
        dead,
        density: Float32Array.from(fired, (times) => times / rows),
        densityHistogram: histogram(fired, rows),
      };
    },
  };
}

/** Bins are the same for any SAE and any number of rows, so that histograms can be overlaid. */
function histogram(fired: Float64Array, rows: number): DensityHistogram {
  const bins = -LOWEST * PER_DECADE;
  const counts = new Array<number>(bins).fill(0);
  for (const times of fired) {
    if (times === 0) continue;
    const bin = Math.floor((Math.log10(times / rows) - LOWEST) * PER_DECADE);
    const inside = Math.min(Math.max(bin, 0), bins - 1);
    counts[inside] = (counts[inside] as number) + 1;
  }
  return {
    edges: Array.from({ length: bins + 1 }, (_, i) => LOWEST + i / PER_DECADE),
    counts,
  };
}
