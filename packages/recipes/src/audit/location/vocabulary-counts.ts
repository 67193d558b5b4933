import type { RunResult } from '@feedprint/core';

/** How often a model expects each token of its vocabulary, summed over contexts. */
export interface VocabularyCounts {
  /** Adds the positions of a run with logits `all`. */
  add(result: Pick<RunResult, 'logits'>): void;
  /** `[vocabulary]`: the sum of the token's probabilities. */
  readonly counts: Float64Array;
}

export function vocabularyCounts(vocabulary: number): VocabularyCounts {
  const counts = new Float64Array(vocabulary);
  const exponentials = new Float64Array(vocabulary);
  return {
    counts,
    add({ logits }) {
      for (let row = 0; row < (logits?.rows ?? 0); row++) {
        const one = logits?.data.subarray(row * vocabulary, (row + 1) * vocabulary) ?? [];
        let top = -Infinity;
        for (const value of one) if (value > top) top = value;
        let total = 0;
        for (let v = 0; v < vocabulary; v++) {
          exponentials[v] = Math.exp((one[v] as number) - top);
          total += exponentials[v] as number;
        }
        for (let v = 0; v < vocabulary; v++) {
          counts[v] = (counts[v] as number) + (exponentials[v] as number) / total;
        }
      }
    },
  };
}
