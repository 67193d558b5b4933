import { readFileSync } from 'node:fs';
import type { LanguageModel } from '@feedprint/core';
import type { ShiftedToken } from '../../src/index.ts';
import { loadTiny } from '../support/load-tiny.ts';

interface GoldenSite {
  readonly meanL2: number;
  readonly baseNorm: number;
  readonly meanDifference: readonly number[];
}

export interface ChangesGolden {
  readonly texts: readonly (readonly number[])[];
  readonly kl: readonly number[];
  readonly reverseKl: readonly number[];
  readonly vocabularyKl: readonly number[];
  readonly sites: readonly [
    GoldenSite,
    GoldenSite & {
      /** Shares, and the first direction. */
      readonly about0: readonly [readonly number[], readonly number[]];
      readonly aboutMean: readonly [readonly number[], readonly number[]];
      readonly relativeL2: number;
      readonly lens: readonly number[];
    },
  ];
  readonly prompts: readonly (readonly number[])[];
  readonly newTokens: number;
  readonly shift: readonly ShiftedToken[];
}

export const golden = JSON.parse(
  readFileSync(new URL('../golden/changes.json', import.meta.url), 'utf8'),
) as ChangesGolden;

/** The models that the golden numbers are of. */
export const loadPair = async (): Promise<readonly [LanguageModel, LanguageModel]> => [
  await loadTiny(),
  await loadTiny({
    change: (tensors) => {
      for (const [name, steps] of [
        ['gpt_neox.layers.1.mlp.dense_h_to_4h.weight', 3],
        ['embed_out.weight', 5],
      ] as const) {
        const { data } = tensors[name] as { data: Float32Array };
        data.forEach((v, i) => (data[i] = v + (i % steps) / 8));
      }
    },
  }),
];

/** Largest absolute difference; NaN for lists of other lengths. */
export const worst = (found: ArrayLike<number>, expected: ArrayLike<number>): number =>
  found.length === expected.length
    ? Array.from(found).reduce(
        (most, v, i) => Math.max(most, Math.abs(v - (expected[i] as number))),
        0,
      )
    : NaN;
