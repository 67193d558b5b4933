import { describe, expect, test } from '@jest/globals';
import { directEffects } from '@feedprint/activations';
import { matrix } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import type { AuditContext } from '../../../src/audit/context.ts';
import type { TrainedSae } from '../../../src/audit/dictionaries/saes.ts';
import { histogramsOf } from '../../../src/audit/features/histogram.ts';
import { tokenEffects } from '../../../src/audit/features/token-effects.ts';

const END = 'blocks.0.hook_resid_post';

/** Its logits are the activations themselves: of three tokens, the first special. */
const model = {
  info: { architecture: 'fake', layers: 1, width: 3, vocabularySize: 3, contextLength: 4 },
  tokenizer: { vocabularySize: 3, specialIds: new Set([0]), tokenText: (id: number) => `t${id}` },
  sites: [{ site: END, layer: 0, width: 3 }],
  run: async (rows: readonly unknown[], { edits = [] }: Parameters<LanguageModel['run']>[1]) => {
    const own = edits[0]?.replacement ?? matrix(rows.length, 3);
    return { activations: new Map([[END, own]]), logits: own };
  },
} as unknown as LanguageModel;

/** Decoder vectors of two features: one promotes the second token, one suppresses the third. */
const sae = {
  weights: { wDec: matrix(2, 3, Float32Array.of(0, 1, 0, 0, 0, -1)) },
  dispose: async () => {},
};

const contextWith = (parts: unknown, width = 3): AuditContext =>
  ({
    models: { tuned: model },
    parts,
    rows: [Int32Array.of(1)],
    sites: [{ site: 'site', layer: 0, width }],
  }) as unknown as AuditContext;

const saes = [
  { role: 'tuned', size: 'small', site: 'site', load: async () => sae },
] as unknown as TrainedSae[];
const features = [
  { site: 'site', feature: 0, most: 2 },
  { site: 'site', feature: 1, most: 1 },
];

describe('what features do to the next token', () => {
  test('is what their decoder vectors, as strong as they get, do to log-probabilities', async () => {
    const [first, second] = await tokenEffects(
      contextWith({ changes: { directEffects } }),
      features,
      saes,
    );
    // Logits 0, 2, 0 instead of 0, 0, 0.
    const norm = Math.log(2 + Math.exp(2)) - Math.log(3);
    expect(first?.promoted.map(({ token }) => token)).toEqual(['t1']);
    expect(first?.promoted[0]?.effect).toBeCloseTo(2 - norm, 5);
    expect(first?.suppressed.map(({ token }) => token)).toEqual(['t2']);
    expect(first?.suppressed[0]?.effect).toBeCloseTo(-norm, 5);
    expect(second?.suppressed.map(({ token }) => token)).toEqual(['t2']);
    expect(second?.promoted.map(({ token }) => token)).toEqual(['t1']);
  });

  test('is not known of sites of another width, nor without what measures it', async () => {
    const none = [null, null];
    expect(await tokenEffects(contextWith({}), features, saes)).toEqual(none);
    const other = contextWith({ changes: { directEffects } }, 5);
    expect(await tokenEffects(other, features, saes)).toEqual(none);
  });
});

test('a histogram counts activations above 0 by equal steps', () => {
  const [first, silent] = histogramsOf(matrix(4, 2, Float32Array.of(0, 0, 0.5, 0, 4, 0, 4, 0)));
  expect(first?.most).toBe(4);
  expect(first?.counts.map((n, bin) => [bin, n]).filter(([, n]) => n)).toEqual([
    [2, 1],
    [19, 2],
  ]);
  expect(silent).toEqual({ most: 0, counts: new Array<number>(20).fill(0) });
});
