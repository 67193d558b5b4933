import type { LanguageModel, Matrix } from '@feedprint/core';
import { tinyWeights } from '../support/tiny-checkpoint.ts';
import type { GoldenRow } from './golden-checkpoint.ts';

export interface Comparison {
  /** Largest difference, relative to numbers above 1, and where. */
  readonly worst: number;
  readonly where: string;
  readonly compared: number;
}

/** Compares all logits and sites of rows, run together, with what they should be. */
export async function compareRows(
  model: LanguageModel,
  rows: readonly GoldenRow[],
): Promise<Comparison> {
  const capture = model.sites.map(({ site }) => site);
  const result = await model.run(
    rows.map(({ ids }) => ids),
    { capture, logits: 'all' },
  );
  let [worst, where, compared, start] = [0, 'nowhere', 0, 0];
  const compare = (what: string, actual: readonly number[], expected: readonly number[]): void => {
    expected.forEach((value, i) => {
      const difference = Math.abs((actual[i] ?? NaN) - value) / Math.max(1, Math.abs(value));
      const finite = Number.isFinite(difference) ? difference : Infinity;
      if (finite > worst) [worst, where] = [finite, `${what}[${i}]`];
      compared++;
    });
  };
  rows.forEach(({ ids, lastLogits, logits, sites, units }, r) => {
    const last = start + ids.length - 1;
    const of = (site: string): Matrix | undefined => result.activations.get(site);
    compare(`row ${r} lastLogits`, rowOf(result.logits, last), lastLogits);
    compare(`row ${r} logits`, projections(result.logits, start, ids.length), logits);
    for (const [site, values] of Object.entries(sites)) {
      compare(`row ${r} ${site}`, projections(of(site), start, ids.length), values);
    }
    for (const [site, values] of Object.entries(units)) {
      compare(`row ${r} units of ${site}`, rowOf(of(site), last), values);
    }
    start += ids.length;
  });
  return { worst, where, compared };
}

/** Largest difference between two lists of numbers, relative to numbers above 1. */
export function worstDifference(
  actual: ArrayLike<number> | undefined,
  expected: readonly number[],
): number {
  if (actual?.length !== expected.length) return NaN;
  return Math.max(
    ...expected.map((e, i) => Math.abs((actual[i] as number) - e) / Math.max(1, Math.abs(e))),
  );
}

const rowOf = (x: Matrix | undefined, r: number): number[] =>
  x ? [...x.data.subarray(r * x.columns, (r + 1) * x.columns)] : [];

function projections(x: Matrix | undefined, start: number, count: number): number[] {
  if (!x) return [];
  const direction = tinyWeights('projection', [x.columns]);
  return Array.from({ length: count }, (_, i) =>
    rowOf(x, start + i).reduce((sum, unit, j) => sum + unit * (direction[j] as number), 0),
  );
}
