import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { createSampler } from '../../src/generation/sampler.ts';
import type { SamplerSettings } from '../../src/generation/sampler.ts';

interface Golden {
  readonly logits: readonly (readonly number[])[];
  readonly cases: readonly {
    readonly logits: number;
    readonly settings: Readonly<
      Partial<Record<'temperature' | 'top_k' | 'top_p' | 'min_p', number>>
    >;
    readonly count: number;
    /** Of the kept tokens, each how-manieth is given. */
    readonly every: number;
    readonly tokens: readonly number[];
    readonly probabilities: readonly number[];
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL('../golden/sampling.json', import.meta.url), 'utf8'),
) as Golden;

const settingsOf = ({ settings }: Golden['cases'][number]): SamplerSettings => ({
  ...(settings.temperature !== undefined && { temperature: settings.temperature }),
  ...(settings.top_k !== undefined && { topK: settings.top_k }),
  ...(settings.top_p !== undefined && { topP: settings.top_p }),
  ...(settings.min_p !== undefined && { minP: settings.min_p }),
});

const randomLogits = (count: number, seed: number, spread = 3): Float32Array => {
  const random = createRandom(seed);
  return Float32Array.from({ length: count }, () => spread * random.normal());
};

/** The definition, with a full sort. */
function slowly(
  logits: Float32Array,
  { temperature = 1, topK = logits.length, topP = 1, minP = 0 }: SamplerSettings,
): Map<number, number> {
  const softmax = (ids: readonly number[]): number[] => {
    const weights = ids.map((id) => Math.exp((logits[id] as number) / temperature));
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((w) => w / sum);
  };
  let kept = [...logits.keys()].sort(
    (a, b) => (logits[b] as number) - (logits[a] as number) || a - b,
  );
  kept = kept.slice(0, topK);
  const nucleus = softmax(kept);
  let above = 0;
  kept = kept.filter((_, i) => {
    const stays = above < topP;
    above += nucleus[i] as number;
    return stays || topP === 1;
  });
  const p = softmax(kept);
  kept = kept.filter((_, i) => (p[i] as number) >= minP * (p[0] as number));
  return new Map(kept.map((id, i) => [id, softmax(kept)[i] as number] as const));
}

describe('the tokens that may be drawn', () => {
  test.each(
    golden.cases.map((c) => [`${JSON.stringify(c.settings)} on logits ${c.logits}`, c] as const),
  )('are those of transformers with their probabilities: %s', (_, expected) => {
    const sampler = createSampler(settingsOf(expected));
    const found = sampler.distribution(Float32Array.from(golden.logits[expected.logits] ?? []));
    expect(found.tokens.length).toBe(expected.count);
    const sampled = [...found.tokens].filter((_, i) => i % expected.every === 0);
    expect(sampled).toEqual(expected.tokens);
    expected.probabilities.forEach((p, i) =>
      expect(found.probabilities[i * expected.every]).toBeCloseTo(p, 9),
    );
  });

  test('are those of a full sort, for random settings and logits with ties', () => {
    const random = createRandom(5);
    for (let trial = 0; trial < 200; trial++) {
      const count = 1 + random.integer(40);
      const logits = Float32Array.from({ length: count }, () => random.integer(9) / 2 - 2);
      const settings: SamplerSettings = {
        temperature: 0.2 + 2 * random.next(),
        ...(random.next() < 0.5 && { topK: 1 + random.integer(count + 3) }),
        ...(random.next() < 0.5 && { topP: 0.05 + 0.9 * random.next() }),
        ...(random.next() < 0.5 && { minP: random.next() }),
      };
      const expected = slowly(logits, settings);
      const { tokens, probabilities } = createSampler(settings).distribution(logits);
      expect([...tokens]).toEqual([...expected.keys()].sort((a, b) => a - b));
      tokens.forEach((id, i) =>
        expect(probabilities[i]).toBeCloseTo(expected.get(id) as number, 10),
      );
    }
  });

  test('are exactly topK, of equal logits those of lower ids', () => {
    const logits = Float32Array.of(1, 2, -0, 2, 0, 2);
    expect([...createSampler({ topK: 2 }).distribution(logits).tokens]).toEqual([1, 3]);
    expect([...createSampler({ topK: 5 }).distribution(logits).tokens]).toEqual([0, 1, 2, 3, 5]);
  });

  test('never include one of logit -Infinity', () => {
    const logits = Float32Array.of(-Infinity, 0, -Infinity, 1);
    for (const settings of [{}, { topK: 3 }, { topP: 0.999 }, { minP: 1e-9 }]) {
      expect([...createSampler(settings).distribution(logits).tokens]).toEqual([1, 3]);
    }
  });
});

describe('drawing', () => {
  test.each<SamplerSettings>([
    {},
    { temperature: 0.6, topK: 7 },
    { topP: 0.8 },
    { temperature: 1.4, topP: 0.9, minP: 0.05 },
  ])('has the frequencies of the distribution, by chi-square: %j', (settings) => {
    const logits = randomLogits(20, 3, 1);
    const sampler = createSampler(settings);
    const { tokens, probabilities } = sampler.distribution(logits);
    const draws = 20_000;
    const counts = new Map<number, number>();
    const random = createRandom(17);
    for (let i = 0; i < draws; i++) {
      const token = sampler.draw(logits, random);
      counts.set(token, (counts.get(token) ?? 0) + 1);
    }
    expect([...counts.keys()].every((token) => tokens.includes(token))).toBe(true);
    let chiSquare = 0;
    tokens.forEach((token, i) => {
      const expected = draws * (probabilities[i] as number);
      chiSquare += ((counts.get(token) ?? 0) - expected) ** 2 / expected;
    });
    const freedom = tokens.length - 1;
    // Three standard deviations above the mean of chi-square.
    expect(chiSquare).toBeLessThan(freedom + 3 * Math.sqrt(2 * freedom));
  });

  test('takes the same numbers from the random stream whatever is cut', () => {
    const logits = randomLogits(50, 1);
    const tokens = (settings: SamplerSettings): number[] => {
      const random = createRandom(2);
      const sampler = createSampler(settings);
      return Array.from({ length: 30 }, () => sampler.draw(logits, random));
    };
    expect(tokens({ topK: 50 })).toEqual(tokens({}));
    expect(tokens({ minP: 1e-30 })).toEqual(tokens({}));
  });

  test('takes the first of the most probable tokens at temperature 0', () => {
    const logits = Float32Array.of(1, 3, 3, 2);
    expect(createSampler({ temperature: 0 }).draw(logits, createRandom(1))).toBe(1);
    const { tokens, probabilities } = createSampler({ temperature: 0 }).distribution(logits);
    expect([[...tokens], [...probabilities]]).toEqual([[1], [1]]);
  });

  test('takes the most probable token at tiny temperatures, without overflow', () => {
    const logits = randomLogits(100, 8, 1000);
    const top = logits.indexOf(logits.reduce((a, b) => Math.max(a, b)));
    expect(createSampler({ temperature: 1e-300 }).draw(logits, createRandom(1))).toBe(top);
  });

  test.each<[string, readonly number[]]>([
    ['NaN', [1, NaN, 2]],
    ['infinity', [1, Infinity]],
    ['nothing that can be drawn', [-Infinity, -Infinity]],
    ['no token', []],
  ])('refuses logits of %s', (_, logits) => {
    for (const settings of [{}, { temperature: 0 }, { topK: 1 }]) {
      expect(() =>
        createSampler(settings).draw(Float32Array.from(logits), createRandom(1)),
      ).toThrow(expect.objectContaining({ code: 'numbers-invalid' }));
    }
  });
});
