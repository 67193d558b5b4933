import type { SparseRows } from './design.ts';
import type { ReplyEvidence } from './preference-input.ts';

export interface WordDifferences {
  /** Tokens that have a column, in descending order of the number of pairs that differ in them. */
  readonly tokens: Int32Array;
  /** Number of pairs that differ in each. */
  readonly pairs: Int32Array;
  /**
   * Occurrences in the chosen reply minus those in the rejected one, `[pairs, tokens + 1]`. The last column counts all
   * tokens: it absorbs the effect of length alone, which would otherwise be spread over the frequent tokens.
   */
  readonly rows: SparseRows;
}

export interface WordDifferencesOptions {
  /** Fewest pairs that must differ in a token for it to get a column. */
  readonly leastPairs: number;
  readonly mostTokens: number;
}

/** How much more often each token, and any token, occurs in the chosen reply than in the rejected one, pair by pair. */
export function wordDifferences(
  chosen: readonly Pick<ReplyEvidence, 'tokens'>[],
  rejected: readonly Pick<ReplyEvidence, 'tokens'>[],
  { leastPairs, mostTokens }: WordDifferencesOptions,
): WordDifferences {
  const differences = chosen.map(({ tokens }, i) => {
    const counts = new Map<number, number>();
    const add = (list: Int32Array, by: number): void => {
      for (const token of list) counts.set(token, (counts.get(token) ?? 0) + by);
    };
    add(tokens, 1);
    add((rejected[i] as Pick<ReplyEvidence, 'tokens'>).tokens, -1);
    return [...counts].filter(([, count]) => count !== 0);
  });
  const pairsOf = new Map<number, number>();
  for (const row of differences)
    for (const [token] of row) pairsOf.set(token, (pairsOf.get(token) ?? 0) + 1);
  const kept = [...pairsOf]
    .filter(([, pairs]) => pairs >= leastPairs)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, mostTokens);
  const column = new Map(kept.map(([token], j) => [token, j]));
  const lengths = chosen.map(
    ({ tokens }, i) => tokens.length - (rejected[i] as Pick<ReplyEvidence, 'tokens'>).tokens.length,
  );
  const entries = differences.map((row, i) => [
    ...row
      .flatMap(([token, count]) => {
        const j = column.get(token);
        return j === undefined ? [] : [[j, count] as const];
      })
      .sort((a, b) => a[0] - b[0]),
    ...(lengths[i] === 0 ? [] : [[kept.length, lengths[i] as number] as const]),
  ]);
  const start = new Int32Array(entries.length + 1);
  entries.forEach((row, i) => (start[i + 1] = (start[i] as number) + row.length));
  const flat = entries.flat();
  return {
    tokens: Int32Array.from(kept, ([token]) => token),
    pairs: Int32Array.from(kept, ([, pairs]) => pairs),
    rows: {
      rows: entries.length,
      columns: kept.length + 1,
      start,
      index: Int32Array.from(flat, ([j]) => j),
      value: Float64Array.from(flat, ([, count]) => count),
    },
  };
}
