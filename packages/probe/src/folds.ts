import { FeedprintError } from '@feedprint/core';
import type { Random } from '@feedprint/core';

/** Rows to fit on and rows to predict, ascending. */
export interface Fold {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * Splits rows into `k` folds such that no group is in both train and test of any fold; every row is tested once.
 * `groups` names each row's group (a word, a text). Folds are balanced: groups in random order, larger ones first, each
 * to the smallest fold so far. Throws `config-invalid` unless 2 <= k <= number of groups.
 */
export function groupKFold(
  groups: ArrayLike<string | number>,
  k: number,
  random: Random,
): readonly Fold[] {
  const rowsOf = new Map<string | number, number[]>();
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i] as string | number;
    const rows = rowsOf.get(group);
    if (rows) rows.push(i);
    else rowsOf.set(group, [i]);
  }
  assertFoldCount(k, rowsOf.size);
  const tests: number[][] = Array.from({ length: k }, () => []);
  const members = random.shuffle([...rowsOf.values()]).sort((a, b) => b.length - a.length);
  for (const rows of members) {
    const smallest = tests.reduce((least, test) => (test.length < least.length ? test : least));
    smallest.push(...rows);
  }
  return tests.map((rows) => {
    const tested = new Set(rows);
    const all = Int32Array.from(groups, (_, i) => i);
    return {
      train: all.filter((i) => !tested.has(i)),
      test: all.filter((i) => tested.has(i)),
    };
  });
}

function assertFoldCount(k: number, groups: number): void {
  if (Number.isInteger(k) && k >= 2 && k <= groups) return;
  throw new FeedprintError({
    code: 'config-invalid',
    message: `cannot split ${groups} groups into ${k} folds`,
    remedy: 'ask for at least 2 folds and at most as many as there are groups',
  });
}
