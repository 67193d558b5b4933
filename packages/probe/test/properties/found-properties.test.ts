import { createRandom } from '@feedprint/core';
import { describe, expect, test } from '@jest/globals';
import { explainLabels, judgeProperties, labelsOfFound, labelEffect } from '../../src/index.ts';
import type { FoundProperties, PropertyEvidence } from '../../src/index.ts';

const PAIRS = 2000;
const DRAWS = 400;

interface Truth {
  readonly seed: number;
  /** Logits and nats per unit of what is counted ("marks") and of what is not ("hidden"). */
  readonly labels: { readonly marks: number; readonly hidden: number };
  readonly learned: { readonly marks: number; readonly hidden: number };
}

/**
 * "marks" and "idle" are counted. Found in the first half of the pairs are "twin", marks with noise; "hidden", which nothing
 * counted tells of; and `noise` columns of nothing.
 */
function world({ seed, labels, learned }: Truth, noise = 3) {
  const random = createRandom(seed);
  const draw = (shift: { readonly marks: number; readonly hidden: number }) => {
    const [marks, hidden] = [random.normal() + shift.marks / 3, random.normal() + shift.hidden / 3];
    return {
      ...{ marks, hidden, idle: random.normal(), twin: marks + 0.5 * random.normal() },
      rest: Array.from({ length: noise }, () => random.normal()),
    };
  };
  type Reply = ReturnType<typeof draw>;
  const still = { marks: 0, hidden: 0 };
  const sum = (of: Truth['labels'], { marks, hidden }: Reply): number =>
    of.marks * marks + of.hidden * hidden;
  const columns = (replies: readonly Reply[], of: readonly ((reply: Reply) => number)[]) =>
    of.map((one) => Float64Array.from(replies, one));
  const counted = [({ marks }: Reply) => marks, ({ idle }: Reply) => idle];
  const others = [
    ({ twin }: Reply) => twin,
    ({ hidden }: Reply) => hidden,
    ...Array.from(
      { length: noise },
      (_, i) =>
        ({ rest }: Reply) =>
          rest[i] as number,
    ),
  ];
  const base = Array.from({ length: DRAWS }, () => draw(still));
  const tuned = base.map(() => draw(learned));
  const ratios = (replies: readonly Reply[]) =>
    Float64Array.from(replies, (reply) => sum(learned, reply) + 0.5 * random.normal());
  const pairs = Array.from({ length: PAIRS }, () => {
    const [a, b] = [draw(still), draw(still)];
    const logit = sum(labels, a) - sum(labels, b);
    return random.next() < 1 / (1 + Math.exp(-logit)) ? [a, b] : [b, a];
  }) as [Reply, Reply][];
  const unseen = Int32Array.from({ length: PAIRS / 2 }, (_, i) => PAIRS / 2 + i);
  const sides = (from: number, of: readonly ((reply: Reply) => number)[]) => ({
    chosen: columns(
      pairs.slice(from).map(([chosen]) => chosen),
      of,
    ),
    rejected: columns(
      pairs.slice(from).map(([, rejected]) => rejected),
      of,
    ),
  });
  const evidence: PropertyEvidence & { readonly labels: NonNullable<PropertyEvidence['labels']> } =
    {
      names: ['marks', 'idle'],
      fresh: {
        ...{ base: columns(base, counted), tuned: columns(tuned, counted) },
        ratios: { base: ratios(base), tuned: ratios(tuned) },
        prompts: Int32Array.from(base, (_, i) => i),
      },
      labels: {
        ...sides(0, counted),
        weights: new Float64Array(PAIRS).fill(1),
        ties: new Uint8Array(PAIRS),
        groups: Int32Array.from(pairs, (_, i) => i),
      },
    };
  const found: FoundProperties = {
    names: ['twin', 'hidden', ...Array.from({ length: noise }, (_, i) => `noise-${i}`)],
    ...{ base: columns(base, others), tuned: columns(tuned, others), unseen },
    ...sides(PAIRS / 2, others),
  };
  return { evidence, found };
}

describe('properties that were found in half of the pairs', () => {
  const truth = {
    ...{ seed: 2, labels: { marks: 1, hidden: 1 } },
    learned: { marks: 2, hidden: 2 },
  };
  const { evidence, found } = world(truth);
  const { properties } = judgeProperties({ ...evidence, found: [found] });
  const judged = (name: string) => properties.find((one) => one.name === name);

  test('are named where nothing counted explains what was learned', () => {
    expect(judged('hidden')).toMatchObject({ verdict: 'in-data-and-learned', flagged: true });
    const { inData, learned } = judged('hidden') ?? {};
    expect(inData?.low).toBeLessThan(1);
    expect(inData?.high).toBeGreaterThan(1);
    expect(inData?.n).toBe(PAIRS / 2);
    expect(learned?.low).toBeLessThan(2);
    expect(learned?.high).toBeGreaterThan(2);
    expect(judged('hidden')?.resembles?.explained).toBeLessThan(0.02);
  });

  test('are left to the counted property that they mostly are', () => {
    const twin = judged('twin');
    expect(twin).toMatchObject({ flagged: false, partner: 'marks' });
    // Marks with noise of half their deviation.
    expect(twin?.resembles?.mostly?.property).toBe('marks');
    expect(twin?.resembles?.mostly?.r).toBeCloseTo(1 / Math.sqrt(1.25), 1);
    expect(twin?.resembles?.explained).toBeCloseTo(0.8, 1);
    // Given nothing else, it has the effect that marks lend it: half its slope is noise.
    expect(twin?.alone.learned).toBeGreaterThan(1);
  });

  test('change nothing that is said of counted ones', () => {
    const without = judgeProperties(evidence).properties;
    expect(without.length).toBe(2);
    for (const one of without) expect(judged(one.name)).toEqual(one);
  });

  test('are explained by labels of the other half alone, for the influence of its pairs', () => {
    const labels = labelsOfFound(
      evidence,
      explainLabels({ ...evidence, labels: evidence.labels as never }),
      found,
    );
    const place = labels.names.indexOf('hidden');
    expect(labels.comparisons.weights.length).toBe(PAIRS / 2);
    expect(labelEffect(labels.comparisons, place, labels.rewarded).value).toBeCloseTo(
      judged('hidden')?.inData?.effect ?? NaN,
      9,
    );
  });
});

describe('placebos', () => {
  const learned = { marks: 2, hidden: 0 };

  test('of 32 directions of nothing, none is named where the counted property is', () => {
    for (const seed of [1, 2, 3]) {
      const { evidence, found } = world({ seed, labels: { marks: 1, hidden: 0 }, learned }, 30);
      const { properties } = judgeProperties({ ...evidence, found: [found] });
      const flagged = properties.filter((one) => one.flagged).map(({ name }) => name);
      expect(flagged).toEqual(['marks']);
      const inData = properties.filter((one) => one.verdict.startsWith('in-data'));
      expect(inData.map(({ name }) => name)).toEqual(['marks']);
    }
  });

  test('labels dealt out and a model that learned nothing name none', () => {
    const nothing = { marks: 0, hidden: 0 };
    for (const seed of [4, 5, 6]) {
      const { evidence, found } = world({ seed, labels: nothing, learned: nothing }, 30);
      const { properties } = judgeProperties({ ...evidence, found: [found] });
      expect(properties.filter((one) => one.verdict !== 'not-learned')).toEqual([]);
    }
  });

  test('one of which next to nothing was measured is not judged', () => {
    const { evidence, found } = world({ seed: 7, labels: learned, learned });
    const blank = found.base.map((column) => column.fill(NaN));
    const { properties } = judgeProperties({ ...evidence, found: [{ ...found, base: blank }] });
    const hidden = properties.find(({ name }) => name === 'hidden');
    expect(hidden).toMatchObject({ learned: null, resembles: { mostly: null, explained: 0 } });
  });
});
