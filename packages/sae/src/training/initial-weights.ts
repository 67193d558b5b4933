import { norm, row } from '@feedprint/core';
import type { Matrix, Random } from '@feedprint/core';
import type { InitialWeights } from './parameters.ts';

/** Decoder rows uniform on the unit sphere, encoder vectors equal to them, and the geometric median of the data as the decoder bias. */
export function initialWeights(
  sample: Matrix,
  dSae: number,
  random: Random,
  centred: boolean,
): InitialWeights {
  const dIn = sample.columns;
  const wDec = new Float32Array(dSae * dIn);
  for (let f = 0; f < dSae; f++) {
    const direction = Float64Array.from({ length: dIn }, () => random.normal());
    const length = norm(direction);
    direction.forEach((v, i) => (wDec[f * dIn + i] = v / length));
  }
  const bDec = centred ? geometricMedian(sample) : new Float32Array(dIn);
  return { wEnc: wDec.slice(), bEnc: new Float32Array(dSae), wDec, bDec };
}

/** The point with the smallest sum of distances to the rows (Weiszfeld's iteration). `[columns]` */
export function geometricMedian(sample: Matrix, iterations = 50): Float32Array {
  const d = sample.columns;
  let point = new Float64Array(d);
  for (let r = 0; r < sample.rows; r++) accumulate(point, row(sample, r), 1 / sample.rows);
  for (let step = 0; step < iterations; step++) {
    const next = new Float64Array(d);
    let total = 0;
    for (let r = 0; r < sample.rows; r++) {
      const x = row(sample, r);
      let square = 0;
      for (let i = 0; i < d; i++) square += ((x[i] as number) - (point[i] as number)) ** 2;
      const weight = 1 / Math.max(Math.sqrt(square), 1e-8);
      accumulate(next, x, weight);
      total += weight;
    }
    point = next.map((v) => v / total);
  }
  return Float32Array.from(point);
}

function accumulate(sum: Float64Array, x: Float32Array, weight: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + weight * (x[i] as number);
}
