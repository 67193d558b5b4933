import { matrix } from '@feedprint/core';
import type { TokenRows } from '@feedprint/core';
import type { ChangeParts } from '../../../src/index.ts';
import { idOf, words } from './fake-model.ts';

const VOCABULARY = words.length + 1;

/** What the stage asked of its parts. */
export interface Asked {
  texts: TokenRows;
  words: readonly number[];
  follows: readonly number[];
  rows: number;
}

/** Every position moved by half a nat, every word by its id; activations by 1. */
export function fakeChanges(asked: Partial<Asked>): ChangeParts {
  return {
    name: 'fake changes',
    settings: {},
    async measure(_base, _tuned, texts, options) {
      Object.assign(asked, { texts, words: Array.from(options.words ?? []) });
      const places = texts.flatMap((text, t) =>
        Array.from({ length: text.length - 1 }, (_, p) => [t, p, text[p] as number] as const),
      );
      const column = (i: 0 | 1 | 2): Int32Array => Int32Array.from(places, (place) => place[i]);
      const provenance = { text: column(0), position: column(1), token: column(2) };
      const site = options.sites[0] as string;
      const rows = new Map([[site, matrix(places.length, 4)]]);
      await options.onRows?.({ ...provenance, base: rows, tuned: rows });
      const kl = new Float64Array(places.length).fill(0.5);
      const norm = new Float64Array(VOCABULARY).fill(6);
      const before = new Int32Array(VOCABULARY);
      for (const text of texts) {
        for (const id of Array.from(text).slice(1)) before[id] = (before[id] as number) + 1;
      }
      const sums = { norm, count: before };
      const found = {
        rows: places.length,
        meanL2: 1,
        relativeL2: 0.5,
        meanCosine: 1,
        baseNorm: 2,
        baseMean: new Float32Array(4),
        meanDifference: Float32Array.of(3, 4, 0, 0),
        on: { norm, count: new Int32Array(VOCABULARY).fill(2) },
        before: sums,
      };
      const vocabulary = {
        kl: Float64Array.from({ length: VOCABULARY }, (_, id) => id),
        base: new Float64Array(VOCABULARY).fill(1),
        tuned: Float64Array.from({ length: VOCABULARY }, (_, id) => (id === idOf('bad') ? 0 : 2)),
      };
      const gained = new Int32Array(places.length).fill(1);
      return {
        places: provenance,
        kl,
        reverseKl: kl,
        gained,
        vocabulary,
        sites: new Map([[site, found]]),
      };
    },
    mostChanged: () => [{ text: 0, position: 1, kl: 0.5, context: [7, 8], next: 9, gained: 1 }],
    principalDirections: () => null,
    directEffects: () => Promise.reject(new Error('the model does not expose the residual stream')),
    dictionaries: {
      name: 'none',
      settings: {},
      async train(base, _tuned, { follows }) {
        Object.assign(asked, { follows: Array.from(follows), rows: base.rows });
        return [];
      },
    },
  };
}
