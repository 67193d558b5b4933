import { matrix, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import {
  CHUNK,
  createColumns,
  createCrossProducts,
  fillColumns,
} from '@feedprint/core/linear-algebra';
import { createRowDistanceMeter } from '../divergence/row-distances.ts';
import type { NormSums, SiteDifferences } from './model-changes.ts';

export interface DifferenceMeter {
  /**
   * The same rows `[rows, width]` of both models; `token` is the token at each row and `next` the one after it. Throws
   * `shape-mismatch`.
   */
  add(base: Matrix, tuned: Matrix, token: ArrayLike<number>, next: ArrayLike<number>): void;
  /** `null` if there were no rows. */
  result(): SiteDifferences | null;
}

export interface DifferenceMeterOptions {
  readonly width: number;
  readonly vocabularySize: number;
  /** Keeps the details of the differences, for these words. */
  readonly details?: { readonly words: ArrayLike<number>; readonly moments: boolean };
}

/** Measures differences of activations, given a few rows at a time; sums are f64, exactly 0 for equal rows. */
export function createDifferenceMeter({
  width,
  vocabularySize,
  details,
}: DifferenceMeterOptions): DifferenceMeter {
  const distances = createRowDistanceMeter();
  const [baseSum, sum] = [new Float64Array(width), new Float64Array(width)];
  const [on, before] = [createNormSums(vocabularySize), createNormSums(vocabularySize)];
  const kept = details && createDetails(width, details);
  let [rows, baseNorms] = [0, 0];
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
          sum[i] = (sum[i] as number) + d;
          squares += d * d;
          baseSquares += x * x;
        }
        baseNorms += Math.sqrt(baseSquares);
        count(on, token[r] as number, Math.sqrt(squares));
        count(before, next[r] as number, Math.sqrt(squares));
      }
      kept?.add(difference, next);
      rows += base.rows;
    },
    result() {
      const found = distances.result();
      if (!found) return null;
      const meanDifference = Float32Array.from(sum, (v) => v / rows);
      return {
        ...found,
        rows,
        baseNorm: baseNorms / rows,
        baseMean: Float32Array.from(baseSum, (v) => v / rows),
        meanDifference,
        on,
        before,
        ...(kept && {
          details: {
            ...(kept.products && { moments: { rows, sum, products: kept.products() } }),
            beforeWords: kept.beforeWords(meanDifference),
          },
        }),
      };
    },
  };
}

const createNormSums = (vocabularySize: number): NormSums => ({
  norm: new Float64Array(vocabularySize),
  count: new Int32Array(vocabularySize),
});

function count({ norm, count: n }: NormSums, token: number, length: number): void {
  norm[token] = (norm[token] as number) + length;
  n[token] = (n[token] as number) + 1;
}

/** Products of columns, and sums of the differences before each word. */
function createDetails(
  width: number,
  { words, moments }: Required<DifferenceMeterOptions>['details'],
) {
  const products = moments ? createCrossProducts(width, width, true) : undefined;
  const columns = createColumns(width);
  const [origin, ignored] = [new Float32Array(width), new Float64Array(width)];
  const indexOf = new Map(Array.from(words, (token, i) => [token, i]));
  const sums = new Float64Array(words.length * width);
  const counts = new Int32Array(words.length);
  return {
    add(difference: Matrix, next: ArrayLike<number>): void {
      for (let start = 0; products && start < difference.rows; start += CHUNK) {
        const end = Math.min(difference.rows, start + CHUNK);
        fillColumns(columns, difference, [start, end], origin, ignored);
        products.add(columns, columns);
      }
      for (let r = 0; r < difference.rows; r++) {
        const word = indexOf.get(next[r] as number);
        if (word === undefined) continue;
        counts[word] = (counts[word] as number) + 1;
        for (let i = 0; i < width; i++) {
          const at = word * width + i;
          sums[at] = (sums[at] as number) + (difference.data[r * width + i] as number);
        }
      }
    },
    products: products && (() => products.dense()),
    beforeWords(mean: Float32Array): Matrix {
      const result = matrix(words.length, width);
      for (let w = 0; w < words.length; w++) {
        const n = counts[w] as number;
        if (n === 0) row(result, w).set(mean);
        else row(result, w).set(sums.subarray(w * width, (w + 1) * width).map((v) => v / n));
      }
      return result;
    },
  };
}
