import { FeedprintError } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { architectureOf } from '../architectures/architectures.ts';
import type { SaeKind, SaeKindName } from '../architectures/kinds.ts';
import { decoderLengths } from '../crosscoder/decoder-lengths.ts';
import { rowReader } from '../metrics/row-reader.ts';
import type { RowReader, StoreRange } from '../metrics/row-reader.ts';
import { createSae } from '../sae.ts';
import type { GraphSae } from '../sae.ts';

export interface CalibrationOptions {
  /** Rows like those that the SAE is meant for, preferably ones it was not trained on. */
  readonly rows: Matrix | StoreRange | (() => AsyncIterable<Matrix>);
  /** Active features per row, on average. */
  readonly l0: number;
  /** For the resulting SAE. */
  readonly threads?: number | undefined;
}

/** Rows read at once. */
const CHUNK = 4096;
/** Bins of each half of a number's bits. */
const BINS = 2 ** 16;

/**
 * The SAE with thresholds that leave at most `l0` features active per row, averaged over the rows, and as many as ties
 * allow; all positive ones if there are no more. All features share one threshold, except in jumprelu, whose thresholds
 * keep their proportions. The rest of the SAE stays the same. BatchTopK's running threshold is an average over training;
 * this one is exact on the given rows. The rows are read twice. Throws `config-invalid` for a kind without thresholds and
 * for an invalid number.
 */
export async function calibrateThreshold(
  sae: GraphSae,
  { rows, l0, threads }: CalibrationOptions,
): Promise<GraphSae> {
  const { architecture, site, dSae, weights } = sae;
  checkTarget(architecture.kind, l0);
  const read = typeof rows === 'function' ? rows : () => chunksOf(rowReader(rows, site));
  const shares = sharesOf(sae);
  const withThresholds = (threshold: Float32Array): GraphSae =>
    createSae({
      site,
      architecture,
      weights: { ...weights, extra: { ...weights.extra, threshold } },
      ...(threads !== undefined && { threads }),
    });
  const open = withThresholds(new Float32Array(dSae));
  try {
    const least = await largestBut(
      (tell) => eachScore(open, read(), shares, tell),
      (count) => Math.floor(l0 * count),
    );
    if (least === Infinity)
      throw invalid(`features without a threshold alone exceed ${l0} per row`);
    return withThresholds(shares.threshold.map((share) => share * least));
  } finally {
    await open.dispose();
  }
}

/** Throws `config-invalid` unless an SAE of that kind can be given a threshold for that many active features. */
export function checkTarget(kind: SaeKindName, l0: number): void {
  if (!architectureOf({ kind } as SaeKind).extra.includes('threshold')) {
    throw invalid(
      `an SAE of kind ${kind} has no threshold to set for ${l0} active features`,
      'use batchtopk, matryoshka, crosscoder or jumprelu',
    );
  }
  if (!(l0 > 0 && l0 < Infinity)) throw invalid(`no threshold gives ${l0} active features per row`);
}

const invalid = (message: string, remedy = 'give another number above 0'): FeedprintError =>
  new FeedprintError({ code: 'config-invalid', message, remedy });

interface Shares {
  /** Ratio of each feature's threshold to the common one, `[dSae]`. */
  readonly threshold: Float32Array;
  /** What an activation is multiplied by before it is compared with the common one, `[dSae]`. */
  readonly factor: Float64Array;
}

function sharesOf({ architecture, dSae, weights: { wDec, extra } }: GraphSae): Shares {
  const one = new Float32Array(dSae).fill(1);
  if (architecture.kind === 'jumprelu') {
    const threshold = extra?.['threshold'] as Float32Array;
    return { threshold, factor: Float64Array.from(threshold, (v) => 1 / Math.max(v, 0)) };
  }
  const lengths =
    architecture.kind === 'crosscoder' ? decoderLengths(wDec, architecture.models) : [];
  const factor = Float64Array.from(one, (v, f) =>
    lengths.length === 0 ? v : lengths.reduce((sum, of) => sum + (of[f] as number), 0),
  );
  return { threshold: one, factor };
}

async function* chunksOf({ count, read }: RowReader): AsyncGenerator<Matrix> {
  for (let start = 0; start < count; start += CHUNK) {
    yield await read(start, Math.min(count, start + CHUNK));
  }
}

/** Reports all positive activations, scaled for comparison with the common threshold, and returns the number of rows. */
async function eachScore(
  open: GraphSae,
  chunks: AsyncIterable<Matrix>,
  { factor }: Shares,
  tell: (score: number) => void,
): Promise<number> {
  let count = 0;
  for await (const chunk of chunks) {
    const { data } = await open.encode(chunk);
    for (let i = 0; i < data.length; i++) {
      const z = data[i] as number;
      if (z > 0) tell(z * (factor[i % open.dSae] as number));
    }
    count += chunk.rows;
  }
  return count;
}

/**
 * The largest f32 in a stream of positive numbers that more than a certain number of them reach, or 0 if there are no more
 * than that; `but` computes that number from what a pass returns. Positive floats are ordered like their bits, so that
 * counting the upper halves, then the lower halves within the bin in question, finds it exactly.
 */
export async function largestBut(
  read: (tell: (value: number) => void) => Promise<number>,
  but: (given: number) => number,
): Promise<number> {
  const value = new Float32Array(1);
  const bits = new Uint32Array(value.buffer);
  const upper = new Float64Array(BINS);
  const given = await read((v) => {
    value[0] = v;
    const bin = (bits[0] as number) >>> 16;
    upper[bin] = (upper[bin] as number) + 1;
  });
  const count = but(given);
  const high = binBelow(upper, count);
  if (high.bin < 0) return 0;
  const lower = new Float64Array(BINS);
  await read((v) => {
    value[0] = v;
    if ((bits[0] as number) >>> 16 !== high.bin) return;
    const bin = (bits[0] as number) & 0xffff;
    lower[bin] = (lower[bin] as number) + 1;
  });
  bits[0] = high.bin * BINS + binBelow(lower, count - high.above).bin;
  return value[0] as number;
}

/** The highest bin that, together with those above it, holds more than `count`; -1 for none. `above` is what the bins above it hold. */
function binBelow(bins: Float64Array, count: number): { bin: number; above: number } {
  let above = 0;
  for (let bin = bins.length - 1; bin >= 0; bin--) {
    const own = bins[bin] as number;
    if (above + own > count) return { bin, above };
    above += own;
  }
  return { bin: -1, above };
}
