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
  readonly told?: PropertyEvidence['told'];
}

/** Replies with independent normal properties, but for `echo`, which goes with `bangs`, and `rare`, which nearly never occurs. */
function evidenceOf({ labels, learned, seed = 1, told }: World): PropertyEvidence {
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
    ...(told && { told }),
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
    told: new Map([['good', { effect: 1, low: 1, high: 1 }]]),
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
  const told = new Map([['chatter', { effect: -1, low: -1, high: -1 }]]);
  const { chatter } = judged({ labels: { good: 1 }, learned: { good: 3, chatter: 2 }, told });
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
