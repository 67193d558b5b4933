import { createRandom } from '@feedprint/core';
import { describe, expect, test } from '@jest/globals';
import { judgeProperties } from '../../src/properties/judge-properties.ts';
import type { JudgedProperty } from '../../src/properties/judged-property.ts';
import type { PropertyEvidence } from '../../src/properties/property-evidence.ts';

const names = ['good', 'bangs', 'chatter', 'echo', 'idle', 'rare'] as const;
type Values = Record<(typeof names)[number], number>;

interface World {
  /** Effects on the labels, logits. */
  readonly labels: Partial<Values>;
  /** Effects on R, nats; the tuned model writes each as many deviations more often as a third of it. */
  readonly learned: Partial<Values>;
  readonly seed?: number;
  readonly declared?: PropertyEvidence['declared'];
  /** Effects on a reward, which scores four in five pairs. */
  readonly reward?: Partial<Values>;
}

/** Replies with independent normal properties, but for `echo`, which goes with `bangs`, and `rare`, which nearly never occurs. */
function evidenceOf({ labels, learned, seed = 1, declared, reward }: World): PropertyEvidence {
  const random = createRandom(seed);
  const effects = (from: Partial<Values>, of: Values): number =>
    names.reduce((sum, name) => sum + (from[name] ?? 0) * of[name], 0);
  const draw = (shift: Partial<Values>): Values => {
    const normal = (name: keyof Values): number => random.normal() + (shift[name] ?? 0) / 3;
    const bangs = normal('bangs');
    return {
      good: normal('good'),
      bangs,
      chatter: normal('chatter'),
      echo: 0.9 * bangs + 0.3 * random.normal(),
      idle: normal('idle'),
      rare: random.next() < 0.002 ? 1 : 0,
    };
  };
  const columns = (replies: readonly Values[]) =>
    names.map((name) => Float64Array.from(replies, (reply) => reply[name]));
  const base = Array.from({ length: 400 }, () => draw({}));
  const tuned = base.map(() => draw(learned));
  const ratios = (replies: readonly Values[]) =>
    Float64Array.from(replies, (reply) => effects(learned, reply) + 0.5 * random.normal());
  const pairs = Array.from({ length: 1500 }, () => {
    const [a, b] = [draw({}), draw({})];
    const logit = effects(labels, a) - effects(labels, b);
    return random.next() < 1 / (1 + Math.exp(-logit)) ? [a, b] : [b, a];
  }) as [Values, Values][];
  const score = (reply: Values): number => effects(reward ?? {}, reply) + random.normal();
  return {
    names,
    fresh: {
      base: columns(base),
      tuned: columns(tuned),
      ratios: { base: ratios(base), tuned: ratios(tuned) },
      prompts: Int32Array.from(base, (_, i) => i),
    },
    labels: {
      chosen: columns(pairs.map(([chosen]) => chosen)),
      rejected: columns(pairs.map(([, rejected]) => rejected)),
      weights: new Float64Array(pairs.length).fill(1),
      ties: new Uint8Array(pairs.length),
      groups: Int32Array.from(pairs, (_, i) => i),
    },
    ...(declared && { declared }),
    ...(reward && {
      rewarded: {
        chosen: Float64Array.from(pairs, ([chosen], i) => (i % 5 === 0 ? NaN : score(chosen))),
        rejected: Float64Array.from(pairs, ([, rejected]) => score(rejected)),
      },
    }),
  };
}

const judged = (world: World): Record<string, JudgedProperty> =>
  Object.fromEntries(
    judgeProperties(evidenceOf(world)).properties.map((each) => [each.name, each]),
  );

describe('each quadrant', () => {
  const world = {
    labels: { good: 1, bangs: 0.8, idle: 0.7 },
    learned: { good: 3, bangs: 2, chatter: -2 },
    declared: new Map([['good', 1]] as const),
  };
  const found = judged(world);

  test('is named, with its sign', () => {
    expect(found['good']).toMatchObject({ verdict: 'told', flagged: false, score: 0 });
    expect(found['bangs']).toMatchObject({ verdict: 'in-data-and-learned', flagged: true });
    expect(found['chatter']).toMatchObject({ verdict: 'learned-not-in-data', flagged: true });
    expect(found['idle']).toMatchObject({
      verdict: 'in-data-not-learned',
      flagged: false,
      settled: true,
    });
    expect(found['bangs']?.score).toBeGreaterThan(0);
    expect(found['chatter']?.score).toBeLessThan(0);
  });

  test('estimates are close to the truth and inside their intervals', () => {
    expect(found['bangs']?.inData?.effect).toBeCloseTo(0.8, 0);
    expect(found['bangs']?.inData?.low).toBeLessThan(0.8);
    expect(found['bangs']?.inData?.high).toBeGreaterThan(0.8);
    expect(found['chatter']?.learned?.effect).toBeCloseTo(-2, 0);
    expect(found['chatter']?.behaves?.effect).toBeCloseTo(-2 / 3, 0);
  });

  test('what goes with a named property is left to it', () => {
    expect(found['echo']).toMatchObject({
      verdict: 'not-learned',
      flagged: false,
      partner: 'bangs',
    });
    expect(found['echo']?.alone.inData).toBeGreaterThan(0.4);
    expect(Math.abs(found['echo']?.inData?.effect ?? 1)).toBeLessThan(0.35);
  });

  test('nothing is said of what hardly occurs', () => {
    expect(found['rare']).toMatchObject({ learned: null, settled: false, verdict: 'not-learned' });
  });
});

test('a property told to fall that rose is flagged', () => {
  const declared = new Map([['chatter', -1]] as const);
  const { chatter } = judged({ labels: { good: 1 }, learned: { good: 3, chatter: 2 }, declared });
  expect(chatter).toMatchObject({ verdict: 'learned-not-in-data', flagged: true });
});

test('what a placebo does as strongly is not named', () => {
  const evidence = evidenceOf({ labels: { good: 1 }, learned: { good: 3, chatter: 2 } });
  const placebos = [{ name: 'a warmer base', ratios: evidence.fresh.ratios }];
  const flagged = judgeProperties({ ...evidence, placebos }).properties.filter(
    (each) => each.flagged,
  );
  expect(flagged).toEqual([]);
});

test('of models that differ in nothing that is measured, nothing is named', () => {
  const found = [1, 2, 3].flatMap((seed) =>
    judgeProperties(evidenceOf({ labels: {}, learned: {}, seed })).properties.filter(
      (each) => each.flagged,
    ),
  );
  expect(found).toEqual([]);
});

test('without labels, what was learned is still named', () => {
  const { labels: _, ...evidence } = evidenceOf({ labels: {}, learned: { bangs: 3 } });
  const [first] = judgeProperties(evidence).properties;
  expect(first).toMatchObject({ name: 'bangs', verdict: 'learned-not-in-data', inData: null });
});

describe('a reward of replies', () => {
  const world = {
    labels: { good: 1, bangs: 0.8 },
    learned: { good: 3, bangs: 2 },
    reward: { good: 2, idle: -1 },
  };

  test('tells what was asked for: the effects that it has on properties', () => {
    const { good, bangs, idle } = judged(world);
    // Differences within pairs have twice the variance of a reply: 4 + 1 + 1 here.
    expect(good?.told?.effect).toBeCloseTo(2 / Math.sqrt(6), 1);
    expect(idle?.told?.effect).toBeCloseTo(-1 / Math.sqrt(6), 1);
    expect(good?.told).toMatchObject({ n: 1200, q: expect.any(Number) });
    expect(good).toMatchObject({ verdict: 'told', flagged: false, asked: 1, declared: null });
    expect(idle).toMatchObject({ asked: -1, verdict: 'not-learned' });
    expect(bangs).toMatchObject({ asked: null, flagged: true, verdict: 'in-data-and-learned' });
    expect(Math.abs(bangs?.told?.effect ?? 1)).toBeLessThan(0.1);
  });

  test('gives way to what was declared, and is shown beside it', () => {
    const { good } = judged({ ...world, declared: new Map([['good', 0]] as const) });
    expect(good).toMatchObject({ asked: 0, declared: 0, flagged: true });
    expect(good?.told?.n).toBe(1200);
  });

  test('that is the same for all replies tells nothing', () => {
    const evidence = evidenceOf(world);
    const constant = new Float64Array(1500).fill(3);
    const rewarded = { chosen: constant, rejected: constant };
    const found = judgeProperties({ ...evidence, rewarded }).properties;
    expect(found.map(({ told, asked }) => told ?? asked)).toEqual(found.map(() => null));
  });
});

test('the labels reward nothing that dealt labels reach', () => {
  const { good, idle } = judged({ labels: { good: 1 }, learned: { good: 3 } });
  expect(good?.dealt).toBeGreaterThan(0);
  expect(Math.abs(good?.inData?.effect ?? 0)).toBeGreaterThan(3 * (good?.dealt ?? Infinity));
  expect(Math.abs(idle?.inData?.effect ?? Infinity)).toBeLessThan(idle?.dealt ?? 0);
});

test('says how much of the change each placebo shows as well', () => {
  const evidence = evidenceOf({ labels: { good: 1 }, learned: { good: 3, chatter: 2 } });
  const { ratios } = evidence.fresh;
  const opposite = { base: ratios.base.map((r) => -r), tuned: ratios.tuned.map((r) => -r) };
  const first = { base: ratios.base.slice(0, 50), tuned: ratios.tuned.slice(0, 50) };
  const placebos = [
    { name: 'itself', ratios: first },
    { name: 'its opposite', ratios: opposite },
  ];
  expect(judgeProperties({ ...evidence, placebos }).placebos).toEqual([
    { name: 'itself', explains: expect.closeTo(1, 9) },
    { name: 'its opposite', explains: 0 },
  ]);
});
