import { batchTexts } from '@feedprint/core';
import type { Provenance, TokenRows } from '@feedprint/core';

/** Neighbouring texts that are run together, and the rows that come from them. */
export interface TextWindow {
  /** Rows `[start, end)`. */
  readonly start: number;
  readonly end: number;
  /** Indices of the texts of each forward pass, longest first. */
  readonly batches: readonly TextBatch[];
}

/** Indices of the texts that one forward pass runs, in its order. */
export type TextBatch = readonly number[];

export interface DividedTexts extends Provenance {
  readonly windows: readonly TextWindow[];
  /** `[texts + 1]`: text t has rows `[firstRow[t], firstRow[t + 1])`. */
  readonly firstRow: Int32Array;
}

export interface DivideOptions {
  /** Positions of one forward pass, including padding; a longer text gets a pass of its own. Default 1024. */
  readonly batchPositions?: number;
  /**
   * Positions of neighbouring texts that are batched by length; a longer text gets a window of its own. More positions
   * mean less padding, more memory, and more texts to run for scattered reads. Default 8192; 1024 for stores that
   * compute when they are read.
   */
  readonly windowPositions?: number;
}

/** How texts that are run once, in order, are divided. */
export const batching: Required<DivideOptions> = { batchPositions: 1024, windowPositions: 8192 };

/** How texts that are run for scattered reads of their rows are divided. */
export const streamBatching: Required<DivideOptions> = { ...batching, windowPositions: 1024 };

/**
 * Divides texts, in order, into windows, and the texts of each window, by length, into batches whose padded rectangle
 * has at most `batchPositions` positions. One row per kept token, in text order. The division depends on the texts
 * alone: whatever is read, a text always runs together with the same others.
 */
export function divideTexts(
  texts: TokenRows,
  isKept: (token: number) => boolean,
  options: DivideOptions = {},
): DividedTexts {
  const { batchPositions, windowPositions } = { ...batching, ...options };
  const { firstRow, ...provenance } = rowsOf(texts, isKept);
  const windows: TextWindow[] = [];
  let members: number[] = [];
  let positions = 0;
  const close = (): void => {
    const [first, last] = [members[0], members.at(-1)];
    if (first === undefined || last === undefined) return;
    windows.push({
      start: firstRow[first] as number,
      end: firstRow[last + 1] as number,
      batches: batchByLength(texts, members, batchPositions),
    });
    [members, positions] = [[], 0];
  };
  texts.forEach(({ length }, t) => {
    // Texts without rows need not run.
    if (firstRow[t] === firstRow[t + 1]) return;
    if (positions + length > windowPositions) close();
    members.push(t);
    positions += length;
  });
  close();
  return { windows, firstRow, ...provenance };
}

/**
 * Batches of texts of about equal length, longest first, equal ones in order; each with at most `batchPositions`
 * positions, including padding, and at least one text.
 */
export function batchByLength(
  texts: TokenRows,
  members: readonly number[],
  batchPositions: number,
): TextBatch[] {
  const lengthOf = (t: number): number => texts[t]?.length ?? 0;
  const order = [...members].sort((a, b) => lengthOf(b) - lengthOf(a));
  return batchTexts(texts, batchPositions, order);
}

/** Shares of padding in the padded rectangles of all passes, from 0 to 1. */
export interface PaddingShares {
  readonly paddingShare: number;
  /** The share if the same texts had been run in their own order, in batches of the same size. */
  readonly paddingShareArrival: number;
}

/** How much padding a division leaves, and what batching by length saved. */
export function paddingShares(
  texts: TokenRows,
  { windows }: Pick<DividedTexts, 'windows'>,
  { batchPositions }: Pick<Required<DivideOptions>, 'batchPositions'> = batching,
): PaddingShares {
  const batches = windows.flatMap((window) => window.batches);
  const order = batches.flat().sort((a, b) => a - b);
  return {
    paddingShare: paddingShare(texts, batches),
    paddingShareArrival: paddingShare(texts, batchTexts(texts, batchPositions, order)),
  };
}

/** Share of padding in the rectangles of all batches, from 0 to 1; 0 for no texts. */
export function paddingShare(texts: TokenRows, batches: readonly TextBatch[]): number {
  let [real, padded] = [0, 0];
  for (const batch of batches) {
    const lengths = batch.map((t) => texts[t]?.length ?? 0);
    real += lengths.reduce((sum, length) => sum + length, 0);
    padded += lengths.length * lengths.reduce((longest, length) => Math.max(longest, length), 0);
  }
  return padded === 0 ? 0 : 1 - real / padded;
}

function rowsOf(
  texts: TokenRows,
  isKept: (token: number) => boolean,
): Provenance & Pick<DividedTexts, 'firstRow'> {
  const total = texts.reduce((sum, { length }) => sum + length, 0);
  const [text, position, token] = [0, 0, 0].map(() => new Int32Array(total)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  const firstRow = new Int32Array(texts.length + 1);
  let rows = 0;
  texts.forEach((tokens, t) => {
    for (let p = 0; p < tokens.length; p++) {
      const id = tokens[p] as number;
      if (!isKept(id)) continue;
      [text[rows], position[rows], token[rows]] = [t, p, id];
      rows++;
    }
    firstRow[t + 1] = rows;
  });
  return {
    text: text.slice(0, rows),
    position: position.slice(0, rows),
    token: token.slice(0, rows),
    firstRow,
  };
}
