import { matrix, norm, row } from '@feedprint/core';
import type { Matrix, SaeWeights } from '@feedprint/core';

/** Folds a scale s of the activations into weights that were trained on x s: features stay the same, reconstructions are of x. */
export function foldScale(weights: SaeWeights, s: number): SaeWeights {
  return {
    ...weights,
    wEnc: mapMatrix(weights.wEnc, (v) => v * s),
    wDec: mapMatrix(weights.wDec, (v) => v / s),
    bDec: weights.bDec.map((v) => v / s),
  };
}

/** Multiplies features by the lengths of their decoder rows and normalises the rows: reconstructions stay the same. Zero rows stay zero. */
export function foldDecoderLengths(weights: SaeWeights): SaeWeights {
  const { wEnc, bEnc, wDec } = weights;
  const lengths = Float64Array.from(bEnc, (_, f) => norm(row(wDec, f)));
  return {
    ...weights,
    wEnc: mapMatrix(wEnc, (v, i) => v * (lengths[i % wEnc.columns] as number)),
    bEnc: bEnc.map((v, f) => v * (lengths[f] as number)),
    wDec: mapMatrix(wDec, (v, i) => v / (lengths[Math.floor(i / wDec.columns)] || 1)),
  };
}

/** Multiplies decoder rows by `factors` `[dSae]`: features stay the same. */
export function foldDecoderFactors(weights: SaeWeights, factors: Float32Array): SaeWeights {
  const { wDec } = weights;
  return {
    ...weights,
    wDec: mapMatrix(wDec, (v, i) => v * (factors[Math.floor(i / wDec.columns)] as number)),
  };
}

/** A gated SAE over x as one over x - bDec, with the same features: both biases make up for the bDec that is now subtracted. */
export function centreGated(weights: SaeWeights): SaeWeights {
  const { wEnc, bEnc, bDec, extra = {} } = weights;
  const { bGate, rMag } = extra as Record<'bGate' | 'rMag', Float32Array>;
  const shift = new Float64Array(bEnc.length);
  wEnc.data.forEach((v, i) => {
    const f = i % wEnc.columns;
    shift[f] = (shift[f] as number) + v * (bDec[Math.floor(i / wEnc.columns)] as number);
  });
  const at = (values: ArrayLike<number>, f: number): number => values[f] as number;
  return {
    ...weights,
    bEnc: bEnc.map((v, f) => v + at(shift, f) * Math.exp(at(rMag, f))),
    extra: { ...extra, bGate: bGate.map((v, f) => v + at(shift, f)) },
  };
}

const mapMatrix = (m: Matrix, change: (value: number, index: number) => number): Matrix =>
  matrix(m.rows, m.columns, m.data.map(change));
