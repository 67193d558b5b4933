import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { measureChanges, mostChanged, principalDirections } from '../../src/index.ts';
import type { PairedRows, SecondMoments, SiteDifferences } from '../../src/index.ts';
import { golden, loadPair, worst } from './support.ts';

const [base, tuned] = await loadPair();
const sites = ['blocks.0.hook_resid_post', 'blocks.1.hook_resid_post'] as const;
const { texts } = golden;
const WORDS = [1, 4, 24];
const changes = await measureChanges(base, tuned, texts, { sites, detailed: sites, words: WORDS });
const of = (site: string): SiteDifferences => changes.sites.get(site) as SiteDifferences;

describe('measureChanges', () => {
  test('gives the divergences that transformers gives, both ways and by token', () => {
    expect(worst(changes.kl, golden.kl)).toBeLessThan(1e-5);
    expect(worst(changes.reverseKl, golden.reverseKl)).toBeLessThan(1e-5);
    expect(worst(changes.vocabulary.kl, golden.vocabularyKl)).toBeLessThan(1e-5);
  });

  test('sums by token what the positions sum to', () => {
    const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
    expect(sum(changes.vocabulary.kl)).toBeCloseTo(sum(changes.kl), 10);
    expect(sum(changes.vocabulary.base)).toBeCloseTo(changes.kl.length, 10);
    expect(sum(changes.vocabulary.tuned)).toBeCloseTo(changes.kl.length, 10);
  });

  test('gives the differences of activations that NumPy gives', () => {
    sites.forEach((site, layer) => {
      const expected = golden.sites[layer] as (typeof golden.sites)[0];
      const found = of(site);
      expect(found.rows).toBe(golden.kl.length);
      expect(found.meanL2).toBeCloseTo(expected.meanL2, 5);
      expect(found.baseNorm).toBeCloseTo(expected.baseNorm, 5);
      expect(worst(found.meanDifference, expected.meanDifference)).toBeLessThan(1e-5);
    });
    expect(of(sites[1]).relativeL2).toBeCloseTo(golden.sites[1].relativeL2, 6);
  });

  test('finds the principal directions that NumPy finds, about 0 and about the mean', () => {
    const moments = of(sites[1]).details?.moments as SecondMoments;
    for (const [centred, [shares, first]] of [
      [false, golden.sites[1].about0],
      [true, golden.sites[1].aboutMean],
    ] as const) {
      const found = principalDirections(moments, { count: 4, centred });
      expect(worst(found?.shares ?? [], shares)).toBeLessThan(1e-6);
      expect(worst((found?.directions as Matrix).data.subarray(0, 16), first)).toBeLessThan(1e-5);
    }
  });

  test('has no principal direction where nothing changed, or nothing about the mean', () => {
    expect(
      principalDirections(of(sites[0]).details?.moments as SecondMoments, {
        count: 2,
        centred: false,
      }),
    ).toBeNull();
    const constant = {
      rows: 3,
      sum: Float64Array.of(0.3, 0.9),
      products: Float64Array.of(0.03, 0.09, 0.09, 0.27),
    };
    expect(principalDirections(constant, { count: 2, centred: true })).toBeNull();
    expect(principalDirections(constant, { count: 2, centred: false })?.shares[0]).toBeCloseTo(
      1,
      12,
    );
  });

  test('of a model and itself is exactly nothing', async () => {
    const none = await measureChanges(base, base, texts, { sites });
    expect(none.kl.every((v) => v === 0) && none.reverseKl.every((v) => v === 0)).toBe(true);
    expect(none.vocabulary.kl.every((v) => v === 0)).toBe(true);
    const found = none.sites.get(sites[1]) as SiteDifferences;
    expect(found).toMatchObject({ meanL2: 0, relativeL2: 0 });
    expect(found.meanDifference.every((v) => v === 0)).toBe(true);
  });

  test('counts norms on the token of a position and before the one that follows', async () => {
    const rows: PairedRows[] = [];
    await measureChanges(base, tuned, texts, {
      sites: [sites[1]],
      onRows: async (some) => void rows.push(some),
    });
    const [on, before] = [new Float64Array(32), new Float64Array(32)];
    for (const { base: a, tuned: b, text, position, token } of rows) {
      const [x, y] = [a.get(sites[1]) as Matrix, b.get(sites[1]) as Matrix];
      text.forEach((t, r) => {
        let squares = 0;
        for (let i = 0; i < 16; i++) {
          squares += ((y.data[r * 16 + i] as number) - (x.data[r * 16 + i] as number)) ** 2;
        }
        const next = texts[t]?.[(position[r] as number) + 1] as number;
        on[token[r] as number] = (on[token[r] as number] as number) + Math.sqrt(squares);
        before[next] = (before[next] as number) + Math.sqrt(squares);
      });
    }
    expect(worst(of(sites[1]).on.norm, on)).toBeLessThan(1e-4);
    expect(worst(of(sites[1]).before.norm, before)).toBeLessThan(1e-4);
    // 1 stands at 4 places that a token follows, and once at an end.
    expect([of(sites[1]).on.count[1], of(sites[1]).before.count[1]]).toEqual([3, 4]);
  });

  test('keeps the mean difference before each word, of all rows for one that never follows', async () => {
    const beforeWords = of(sites[1]).details?.beforeWords as Matrix;
    const sum = new Float64Array(16);
    await measureChanges(base, tuned, texts, {
      sites: [sites[1]],
      onRows: async ({ base: a, tuned: b, text, position }) => {
        const [x, y] = [a.get(sites[1]) as Matrix, b.get(sites[1]) as Matrix];
        text.forEach((t, r) => {
          if (texts[t]?.[(position[r] as number) + 1] !== 4) return;
          for (let i = 0; i < 16; i++) {
            const at = r * 16 + i;
            sum[i] = (sum[i] as number) + ((y.data[at] as number) - (x.data[at] as number)) / 2;
          }
        });
      },
    });
    expect(worst(beforeWords.data.subarray(16, 32), sum)).toBeLessThan(1e-5);
    expect(beforeWords.data.subarray(32)).toEqual(of(sites[1]).meanDifference);
    const options = { sites, detailed: sites, words: WORDS, moments: false };
    const { details } = (await measureChanges(base, tuned, texts, options)).sites.get(
      sites[1],
    ) as SiteDifferences;
    expect(details).toEqual({ beforeWords });
  });

  test('leaves special tokens and ends of texts out, and tells how far it is', async () => {
    const told: number[][] = [];
    const found = await measureChanges(base, tuned, [[4, 0, 5], [0], [6, 7]], {
      sites: [],
      onProgress: (done, total) => told.push([done, total]),
    });
    expect([...found.places.token]).toEqual([4, 6]);
    expect([...found.places.text]).toEqual([0, 2]);
    expect(told.at(-1)).toEqual([2, 2]);
  });

  test('is the same for texts in other batches', async () => {
    const random = createRandom(1);
    const many = Array.from({ length: 300 }, () =>
      Array.from({ length: 15 }, () => 1 + random.integer(31)),
    );
    const whole = await measureChanges(base, tuned, many, { sites: [] });
    const one = await measureChanges(base, tuned, [many[299] as number[]], { sites: [] });
    expect(worst(whole.kl.subarray(-14), one.kl)).toBeLessThan(1e-5);
  });

  test('refuses other tokens, unknown sites, texts without a position, and stops when told to', async () => {
    const prints = { fingerprint: 'other', textFingerprint: 'other' };
    const stranger = { ...tuned, tokenizer: { ...tuned.tokenizer, ...prints } };
    for (const [other, list, options, code] of [
      [stranger, texts, { sites: [] }, 'models-mismatched'],
      [tuned, texts, { sites: ['blocks.9.hook_resid_post'] }, 'usage'],
      [tuned, [[3], [0, 4]], { sites: [] }, 'texts-invalid'],
      [tuned, texts, { sites: [], signal: AbortSignal.abort() }, 'cancelled'],
    ] as const) {
      await expect(measureChanges(base, other, list, options)).rejects.toMatchObject({ code });
    }
  });
});

describe('mostChanged', () => {
  test('names the most changed position of each text with its context, largest first', () => {
    const found = mostChanged(changes, texts, { count: 2, context: 3 });
    const best = golden.kl.indexOf(Math.max(...golden.kl));
    // Text 0 has 5 positions.
    expect(found[0]).toMatchObject({ text: 2, position: best - 5, context: [22, 9, 1], next: 28 });
    expect(found[0]?.kl).toBeCloseTo(golden.kl[best] as number, 5);
    expect(found[1]).toMatchObject({ text: 0, position: 0, context: [5], next: 9 });
  });
});
