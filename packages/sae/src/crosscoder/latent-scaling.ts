import { FeedprintError, dot, row } from '@feedprint/core';
import type { Matrix, SparseAutoencoder } from '@feedprint/core';
import { rowReader } from '../metrics/row-reader.ts';
import type { StoreRange } from '../metrics/row-reader.ts';
import { crosscoderOf } from './crosscoder-of.ts';

export type PairModel = 'base' | 'tuned';

/** The factors by which a feature's vector fits a target best, in each model, `[dSae]`; NaN for a feature that is never active. */
export type Betas = Readonly<Record<PairModel, Float64Array>>;

export interface LatentScaling {
  /** Fits the crosscoder's error, with the feature's own part added back. */
  readonly error: Betas;
  /** Fits what the crosscoder reconstructs. */
  readonly reconstruction: Betas;
  /**
   * Ratio of the other model's factor to the own model's, for the error: near 0 for a feature that the other model does not
   * have, near 1 for one that it does have and that the crosscoder left out of its decoder (complete shrinkage).
   */
  readonly errorRatio: Float64Array;
  /** The same ratio for the reconstruction: near 1 where other features stand in for this one in the other model (latent decoupling). */
  readonly reconstructionRatio: Float64Array;
  /** Rows on which each feature is active, `[dSae]`. */
  readonly activeRows: Int32Array;
}

export interface LatentScalingOptions {
  /** The model whose decoder vectors are tested; default `tuned`, for features that seem to belong to that model alone. */
  readonly own?: PairModel;
  /** Rows encoded at once. */
  readonly batchRows?: number;
}

/**
 * Whether a feature that a crosscoder assigns to one model is absent from the other (latent scaling, Minder et al. 2025,
 * arXiv 2504.02922). For a feature f with activations z_t and own decoder vector d, beta minimises sum_t |beta z_t d -
 * y_t|^2, so that beta = sum_t z_t d.y_t / (|d|^2 sum_t z_t^2), with y_t, in each model m, either its reconstruction (bias
 * and all features included) or its error plus the feature's own part z_t d_m in m: x - reconstruction + z_t d_m. Sums are
 * f64, over the active rows. Throws `usage` for anything but a crosscoder of two models or without rows, `shape-mismatch`
 * for rows of another width.
 */
export async function latentScaling(
  crosscoder: SparseAutoencoder,
  rows: Matrix | StoreRange,
  { own = 'tuned', batchRows = 4096 }: LatentScalingOptions = {},
): Promise<LatentScaling> {
  const { weights, dSae, dIn, site } = crosscoderOf(crosscoder);
  const width = dIn / 2;
  const offsets = { base: 0, tuned: width };
  const sums = sumsOf(dSae);
  const vector = (feature: number, model: PairModel): Float32Array =>
    row(weights.wDec, feature).subarray(offsets[model], offsets[model] + width);

  const { count, read } = rowReader(rows, site);
  for (let start = 0; start < count; start += batchRows) {
    const x = await read(start, Math.min(count, start + batchRows));
    if (x.columns !== dIn) throw widthError(x.columns, dIn);
    const z = await crosscoder.encode(x);
    const reconstruction = await crosscoder.decode(z);
    const error = reconstruction.data.map((v, i) => (x.data[i] as number) - v);
    for (let r = 0; r < x.rows; r++) {
      const activations = row(z, r);
      for (let f = 0; f < dSae; f++) {
        const activation = activations[f] as number;
        if (activation === 0) continue;
        sums.activeRows[f] = (sums.activeRows[f] as number) + 1;
        add(sums.squares, f, activation * activation);
        const direction = vector(f, own);
        for (const model of ['base', 'tuned'] as const) {
          const from = r * dIn + offsets[model];
          const part = (of: Float32Array): number =>
            dot(direction, of.subarray(from, from + width));
          add(sums.reconstruction[model], f, activation * part(reconstruction.data));
          add(sums.error[model], f, activation * part(error));
        }
      }
    }
  }
  const betas = (products: Betas, partOfOwn: (f: number, model: PairModel) => number): Betas => {
    const of = (model: PairModel): Float64Array =>
      products[model].map((product, f) => {
        const squares = sums.squares[f] as number;
        const direction = vector(f, own);
        return (product / squares + partOfOwn(f, model)) / dot(direction, direction);
      });
    return { base: of('base'), tuned: of('tuned') };
  };
  const error = betas(sums.error, (f, model) => dot(vector(f, own), vector(f, model)));
  const reconstruction = betas(sums.reconstruction, () => 0);
  const other = own === 'tuned' ? 'base' : 'tuned';
  const ratio = (of: Betas): Float64Array => of[other].map((v, f) => v / (of[own][f] as number));
  return {
    error,
    reconstruction,
    errorRatio: ratio(error),
    reconstructionRatio: ratio(reconstruction),
    activeRows: sums.activeRows,
  };
}

interface Sums {
  /** Sum of squared activations. */
  readonly squares: Float64Array;
  /** Sum of activations times the target along the feature's vector. */
  readonly error: Betas;
  readonly reconstruction: Betas;
  readonly activeRows: Int32Array;
}

function sumsOf(dSae: number): Sums {
  const zeros = (): Float64Array => new Float64Array(dSae);
  const pair = (): Betas => ({ base: zeros(), tuned: zeros() });
  return {
    squares: zeros(),
    error: pair(),
    reconstruction: pair(),
    activeRows: new Int32Array(dSae),
  };
}

function add(sums: Float64Array, at: number, value: number): void {
  sums[at] = (sums[at] as number) + value;
}

const widthError = (columns: number, dIn: number): FeedprintError =>
  new FeedprintError({
    code: 'shape-mismatch',
    message: `the crosscoder takes rows of ${dIn} columns, not ${columns}`,
    remedy: 'give it both models side by side, as concatStores does',
  });
