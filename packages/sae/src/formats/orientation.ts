import { FeedprintError, dot, norm, row, takeRows } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { evaluateSae } from '../metrics/evaluate-sae.ts';
import { createSae } from '../sae.ts';
import type { GraphSae } from '../sae.ts';
import { transpose } from './checked-tensors.ts';

/** Matrices that fit better when transposed; `one` if nothing tells which of the two. */
export type Transposed = 'encoder' | 'decoder' | 'both' | 'one';

/** Evidence for or against the orientation that an SAE was loaded in. */
export interface OrientationCheck {
  /** What the check rests on: unequal widths, activations, or the weights alone. */
  readonly by: 'shapes' | 'rows' | 'weights';
  /** What is clearly transposed; null for nothing. */
  readonly transposed: Transposed | null;
  /** The deciding numbers, for people to read. */
  readonly evidence: string;
}

/** Another orientation is clearly better if it leaves less than this share of the error. */
const CLEARLY_LESS = 0.8;
const MOST_ROWS = 1024;
/** Mean cosines of unrelated vectors differ by about 1.4 / dIn. */
const clearlyMoreAligned = (dIn: number): number => Math.max(0.2, 5 / dIn);
/** Rows of trained decoders have the same length; a spread (standard deviation / mean) above this means that they do not. */
const ONE_LENGTH = 0.005;

/**
 * Finds transposed weights. If dIn and dSae differ, the shapes have already told. Otherwise, given `rows` `[n, dIn]` of the
 * site, the fraction of variance unexplained (FVU) for up to 1024 of them is compared across the four orientations; another
 * one is clearly better if its FVU is below 0.8 of the loaded one's. Without rows: a feature's encoder and decoder vectors
 * usually point the same way, so that a single transposed matrix shows in their mean cosine, by more than max(0.2, 5 /
 * dIn); and a decoder whose columns rather than rows have the same length is transposed. Weights that show neither pass.
 */
export async function checkOrientation(sae: GraphSae, rows?: Matrix): Promise<OrientationCheck> {
  if (rows && rows.columns !== sae.dIn) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `the SAE reads rows of ${sae.dIn} numbers, but those of the sample have ${rows.columns}`,
      remedy: 'pass activations of the site that the SAE is for',
    });
  }
  if (sae.dIn !== sae.dSae) {
    return { by: 'shapes', transposed: null, evidence: `${sae.dIn} units, ${sae.dSae} features` };
  }
  return rows ? checkByRows(sae, rows) : checkByWeights(sae);
}

/** Throws `checkpoint-invalid` if `checkOrientation` finds something transposed. */
export async function assertOrientation(path: string, sae: GraphSae, rows?: Matrix): Promise<void> {
  const { by, transposed, evidence } = await checkOrientation(sae, rows);
  if (transposed === null) return;
  const which = {
    encoder: 'its encoder seems',
    decoder: 'its decoder seems',
    both: 'its encoder and decoder seem',
    one: 'its encoder or its decoder seems',
  }[transposed];
  throw new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${path}: ${which} to be transposed: ${evidence}`,
    remedy: `transpose the weights or check which format they are in${by === 'weights' ? '; passing activations as sample settles it' : ''}`,
  });
}

async function checkByRows(sae: GraphSae, rows: Matrix): Promise<OrientationCheck> {
  const count = Math.min(MOST_ROWS, rows.rows);
  const chosen = takeRows(
    rows,
    Array.from({ length: count }, (_, i) => Math.floor((i * rows.rows) / count)),
  );
  const loaded = (await evaluateSae(sae, chosen)).fvu;
  let best: { transposed: Transposed; fvu: number } | undefined;
  for (const transposed of ['encoder', 'decoder', 'both'] as const) {
    const other = turned(sae, transposed);
    const { fvu } = await evaluateSae(other, chosen);
    await other.dispose();
    if (!best || fvu < best.fvu) best = { transposed, fvu };
  }
  const { transposed, fvu } = best as { transposed: Transposed; fvu: number };
  const what = transposed === 'both' ? 'both' : `the ${transposed}`;
  return {
    by: 'rows',
    transposed: fvu < CLEARLY_LESS * loaded ? transposed : null,
    evidence: `as loaded FVU ${loaded.toFixed(3)}, with ${what} transposed FVU ${fvu.toFixed(3)}, over ${count} rows`,
  };
}

function turned(sae: GraphSae, transposed: Transposed): GraphSae {
  const { weights } = sae;
  return createSae({
    site: sae.site,
    architecture: sae.architecture,
    threads: 1,
    weights: {
      ...weights,
      wEnc: transposed === 'decoder' ? weights.wEnc : transpose(weights.wEnc),
      wDec: transposed === 'encoder' ? weights.wDec : transpose(weights.wDec),
    },
  });
}

function checkByWeights({ weights: { wEnc, wDec }, dIn }: GraphSae): OrientationCheck {
  const encoders = transpose(wEnc);
  const aligned = meanCosine(encoders, wDec);
  const alignedTurned = meanCosine(wEnc, wDec);
  const decoders = transpose(wDec);
  const [rows, columns] = [spreadOfLengths(wDec), spreadOfLengths(decoders)];
  const unit = isOneLength(rows, columns);
  const decoder = isOneLength(columns, rows);
  const oneTurned = alignedTurned - aligned > clearlyMoreAligned(dIn);
  const verdict = oneTurned
    ? { transposed: decoder ? 'decoder' : unit ? 'encoder' : 'one' }
    : { transposed: decoder ? 'both' : null };
  return {
    by: 'weights',
    ...(verdict as { transposed: Transposed | null }),
    evidence:
      `encoder and decoder vectors have a mean cosine of ${aligned.toFixed(3)} as loaded, ${alignedTurned.toFixed(3)} with one matrix transposed; ` +
      `lengths of decoder rows spread by ${rows.toFixed(4)}, of decoder columns by ${columns.toFixed(4)}`,
  };
}

/** Whether vectors have the same length, and not just because all numbers are alike. */
const isOneLength = (spread: number, otherWay: number): boolean =>
  spread < ONE_LENGTH && spread < otherWay / 4 && otherWay > ONE_LENGTH;

/** Mean over i of the cosine of rows i. */
function meanCosine(a: Matrix, b: Matrix): number {
  let sum = 0;
  for (let i = 0; i < a.rows; i++) {
    const [x, y] = [row(a, i), row(b, i)];
    sum += dot(x, y) / (norm(x) * norm(y) || 1);
  }
  return sum / a.rows;
}

/** Standard deviation of the rows' lengths over their mean. */
function spreadOfLengths(m: Matrix): number {
  const lengths = Array.from({ length: m.rows }, (_, i) => norm(row(m, i)));
  const mean = lengths.reduce((sum, v) => sum + v, 0) / m.rows;
  const variance = lengths.reduce((sum, v) => sum + (v - mean) ** 2, 0) / m.rows;
  return Math.sqrt(variance) / (mean || 1);
}
