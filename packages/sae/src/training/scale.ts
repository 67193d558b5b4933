import { matrix, norm, row } from '@feedprint/core';
import type { ActivationStore, Matrix, SaeWeights, Site } from '@feedprint/core';
import { decoderLengths } from '../crosscoder/decoder-lengths.ts';

/**
 * The factor per unit that gives rows a mean norm of sqrt(width), `[dIn]`; with several models side by side, each has its
 * own. `sample` stands in for the store if that knows only the norms of whole rows; `longer` is the factor by which rows
 * will have grown when they are measured.
 */
export async function inputScale(
  store: ActivationStore,
  site: Site,
  sample: Matrix,
  { models, longer = 1 }: { readonly models: number; readonly longer?: number },
): Promise<Float32Array> {
  const width = sample.columns / models;
  const scale = new Float32Array(sample.columns);
  for (let model = 0; model < models; model++) {
    const [from, to] = [model * width, (model + 1) * width];
    const length = models === 1 ? (await store.scale(site)).meanNorm : meanNorm(sample, from, to);
    scale.fill(Math.sqrt(width) / (length * longer || 1), from, to);
  }
  return scale;
}

/** Mean length of rows, or of some of their units. */
export function meanNorm(rows: Matrix, from = 0, to = rows.columns): number {
  let sum = 0;
  for (let r = 0; r < rows.rows; r++) sum += norm(row(rows, r).subarray(from, to));
  return sum / rows.rows;
}

/** Writes rows times the scale into `target`. */
export function scaleRows(
  rows: Matrix,
  scale: Float32Array,
  target = matrix(rows.rows, rows.columns),
): Matrix {
  const { columns } = rows;
  for (let start = 0; start < rows.data.length; start += columns) {
    for (let i = 0; i < columns; i++) {
      target.data[start + i] = (rows.data[start + i] as number) * (scale[i] as number);
    }
  }
  return target;
}

/**
 * Weights for activations as they are, from those for scaled ones: features stay the same up to rounding. If the decoder
 * vectors of several models rank the features, thresholds follow the lengths of those vectors.
 */
export function foldScale(weights: SaeWeights, scale: Float32Array, models: number): SaeWeights {
  const { wEnc, bDec } = weights;
  const dSae = wEnc.columns;
  const { columns, data } = weights.wDec;
  const wDec = matrix(
    dSae,
    columns,
    data.map((v, at) => v / (scale[at % columns] as number)),
  );
  return {
    ...weights,
    wEnc: matrix(
      wEnc.rows,
      dSae,
      wEnc.data.map((v, at) => v * (scale[Math.floor(at / dSae)] as number)),
    ),
    wDec,
    bDec: bDec.map((v, i) => v / (scale[i] as number)),
    ...(models > 1 && { extra: rescaled(weights, wDec, models) }),
  };
}

/** A crosscoder's threshold applies to activations times the sum over models of the lengths of the decoder vectors. */
function rescaled(
  { wDec: before, extra = {} }: SaeWeights,
  after: Matrix,
  models: number,
): Record<string, Float32Array> {
  const [old, now] = [before, after].map((wDec) => {
    const parts = decoderLengths(wDec, models);
    return (f: number): number => parts.reduce((sum, lengths) => sum + (lengths[f] as number), 0);
  }) as [(f: number) => number, (f: number) => number];
  const scaled = extra['threshold']?.map((v, f) => (v * now(f)) / (old(f) || 1));
  return { ...extra, ...(scaled && { threshold: scaled }) };
}
