import { matrix } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import {
  CHUNK,
  createColumns,
  createCrossProducts,
  fillColumns,
} from '../divergence/cross-products.ts';
import { createRowDistanceMeter } from '../divergence/row-distances.ts';
import type { RowDistances } from '../divergence/row-distances.ts';
import type { SecondMoments } from './principal-directions.ts';

/** What tuning changed in the activations of one site, tuned minus base. */
export interface SiteDifferences extends RowDistances {
  readonly rows: number;
  /** Mean norm of the base's rows. */
  readonly baseNorm: number;
  /** Mean row of the base and of the difference, `[width]`. */
  readonly baseMean: Float32Array;
  readonly meanDifference: Float32Array;
  /** Sums of the norms of the differences by token; see `DifferenceMeter.add`. */
  readonly on: NormSums;
  readonly before: NormSums;
  /** Of the differences; absent where they were not asked for. */
  readonly moments?: SecondMoments;
}

/** Norms of differences, by vocabulary token. */
export interface NormSums {
  /** `[vocabulary]` */
  readonly norm: Float64Array;
  readonly count: Int32Array;
}

export interface DifferenceMeter {
  /**
   * The same rows `[rows, width]` of both models; `token` stands at each row and `next` follows it, -1 for none. Throws
   * `shape-mismatch`.
   */
  add(base: Matrix, tuned: Matrix, token: ArrayLike<number>, next: ArrayLike<number>): void;
  /** `null` if no row came. */
  result(): SiteDifferences | null;
}

export interface DifferenceMeterOptions {
  readonly width: number;
  readonly vocabularySize: number;
  /** Sum the products of columns, for principal directions: width squared per row. */
  readonly moments: boolean;
}

/** Measures differences of activations given a few rows at a time; sums in f64, exactly 0 for equal rows. */
export function createDifferenceMeter({
  width,
  vocabularySize,
  moments,
}: DifferenceMeterOptions): DifferenceMeter {
  const distances = createRowDistanceMeter();
  const [baseSum, sum] = [new Float64Array(width), new Float64Array(width)];
  const sums = (): NormSums => ({
    norm: new Float64Array(vocabularySize),
    count: new Int32Array(vocabularySize),
  });
  const [on, before] = [sums(), sums()];
  const products = createCrossProducts(moments ? width : 0, moments ? width : 0, true);
  const columns = createColumns(width);
  const origin = new Float32Array(width);
  let [rows, baseNorms] = [0, 0];

  const count = ({ norm, count: n }: NormSums, token: number, length: number): void => {
    if (token < 0) return;
    norm[token] = (norm[token] as number) + length;
    n[token] = (n[token] as number) + 1;
  };
  return {
    add(base, tuned, token, next) {
      distances.add(base, tuned);
      const difference = matrix(base.rows, width);
      for (let r = 0; r < base.rows; r++) {
        let [squares, baseSquares] = [0, 0];
        for (let i = 0; i < width; i++) {
          const x = base.data[r * width + i] as number;
          const d = (tuned.data[r * width + i] as number) - x;
          difference.data[r * width + i] = d;
          baseSum[i] = (baseSum[i] as number) + x;
          squares += d * d;
          baseSquares += x * x;
        }
        const length = Math.sqrt(squares);
        baseNorms += Math.sqrt(baseSquares);
        count(on, token[r] as number, length);
        count(before, next[r] as number, length);
      }
      for (let start = 0; start < base.rows; start += CHUNK) {
        fillColumns(columns, difference, [start, Math.min(base.rows, start + CHUNK)], origin, sum);
        if (moments) products.add(columns, columns);
      }
      rows += base.rows;
    },
    result() {
      const found = distances.result();
      if (!found) return null;
      return {
        ...found,
        rows,
        baseNorm: baseNorms / rows,
        baseMean: Float32Array.from(baseSum, (v) => v / rows),
        meanDifference: Float32Array.from(sum, (v) => v / rows),
        on,
        before,
        ...(moments && { moments: { rows, sum, products: products.dense() } }),
      };
    },
  };
}
