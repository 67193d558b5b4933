import { createRandom } from '@feedprint/core';
import type { ActivationExample, FeatureEvidence } from '@feedprint/core';
import { describe, expect, test } from '@jest/globals';
import { sampleEvidence } from '../../src/index.ts';
import type { EvidenceCounts, FeatureTexts } from '../../src/index.ts';

/** Texts whose tokens name them; the share of active ones, and how many tokens of those are active, vary. */
function textsOf(seed: number): FeatureTexts {
  const random = createRandom(seed);
  const count = 1 + random.integer(60);
  const density = random.next();
  const rows = Array.from({ length: count }, (_, text) =>
    Array.from({ length: 1 + random.integer(40) }, () => text),
  );
  const column = (): Float32Array[] =>
    rows.map((row) => {
      const active = random.next() < density;
      return Float32Array.from(row, () => (active && random.next() < 0.2 ? random.next() : 0));
    });
  return {
    id: 'f',
    rows,
    tokenText: (token) => ` t${token}`,
    activations: column(),
    neighbour: column(),
  };
}

const kindsOf = (examples: readonly ActivationExample[] = []) => examples.map(({ kind }) => kind);
const textsIn = (examples: readonly ActivationExample[] = []) =>
  new Set(examples.flatMap(({ tokens }) => tokens));

const purposesOf = ({
  top,
  contrast,
  selection,
  heldOutActive,
  heldOutSilent,
}: FeatureEvidence) => [
  [...top, ...(contrast ?? [])],
  [...(selection?.active ?? []), ...(selection?.silent ?? [])],
  [...heldOutActive, ...heldOutSilent],
];

describe('evidence', () => {
  test('shares no text between explaining, selecting and scoring, nor between active and silent', () => {
    for (let seed = 0; seed < 300; seed++) {
      const evidence = sampleEvidence(textsOf(seed), createRandom(seed));
      const windows = purposesOf(evidence).flat();
      const texts = windows.map((example) => [...textsIn([example])]);
      expect(texts.every((tokens) => tokens.length === 1)).toBe(true);
      expect(new Set(texts.flat()).size).toBe(windows.length);
      const isActive = ({ activations }: ActivationExample) => activations.some((v) => v > 0);
      expect([...evidence.top, ...evidence.heldOutActive].every(isActive)).toBe(true);
      expect([...(evidence.contrast ?? []), ...evidence.heldOutSilent].some(isActive)).toBe(false);
    }
  });

  test('is the same again, and another with another seed', () => {
    const texts = textsOf(14);
    const first = sampleEvidence(texts, createRandom(3));
    expect(sampleEvidence(texts, createRandom(3))).toEqual(first);
    expect(sampleEvidence(texts, createRandom(4))).not.toEqual(first);
  });

  const ranked: FeatureTexts = {
    id: 'f',
    rows: Array.from({ length: 90 }, (_, text) => [text, 100, 101]),
    tokenText: (token) => ` t${token}`,
    // The first 60 texts are active, the first most; the neighbour is active on 75 and further.
    activations: Array.from({ length: 90 }, (_, text) =>
      Float32Array.of(Math.max(0, 60 - text), 0, 0),
    ),
    neighbour: Array.from({ length: 90 }, (_, text) => Float32Array.of(0, text < 75 ? 0 : text, 0)),
  };

  test('is of the kinds that were asked for', () => {
    const kinds = { top: 2, quantile: 3, random: 4, silent: 3, neighbour: 2, similar: 1 };
    const counts: EvidenceCounts = { explain: kinds, select: kinds, score: kinds };
    const evidence = sampleEvidence(ranked, createRandom(1), counts);
    expect(kindsOf(evidence.heldOutActive)).toEqual([
      ...Array(2).fill('top'),
      ...Array(3).fill('quantile'),
      ...Array(4).fill('random'),
    ]);
    expect(kindsOf(evidence.heldOutSilent)).toEqual([
      ...Array(2).fill('neighbour'),
      'similar',
      ...Array(3).fill('random'),
    ]);
    expect(evidence.maxActivation).toBe(60);
    // Dealt in turn: 0, 3 explain; 1, 4 score; 2, 5 select.
    const tops = (examples: readonly ActivationExample[] = []) =>
      examples
        .filter(({ kind }) => kind === 'top')
        .map(({ activations }) => Math.max(...activations));
    expect(tops(evidence.top)).toEqual([60, 57]);
    expect(tops(evidence.heldOutActive)).toEqual([59, 56]);
    expect(tops(evidence.selection?.active)).toEqual([58, 55]);
    // A window of each third of the other eighteen.
    const shares = evidence.heldOutActive
      .filter(({ kind }) => kind === 'quantile')
      .map(({ activations }) => Math.floor((53 - Math.max(...activations)) / 18));
    expect(shares).toEqual([0, 1, 2]);
  });

  test('makes up for missing kinds with random ones', () => {
    const { neighbour: _, ...alone } = ranked;
    const { heldOutSilent } = sampleEvidence(alone, createRandom(1));
    expect(kindsOf(heldOutSilent)).toEqual(['similar', 'similar', ...Array(6).fill('random')]);
  });

  test('finds silent windows that are like the active ones', () => {
    const rows = Array.from({ length: 90 }, (_, text) =>
      // Of the silent ones, every fifth shares words with the active ones.
      text < 30 ? [1, 2, 3, 4] : text % 5 === 0 ? [2, 3, 4, 9] : [10 + text, 11 + text, 9, 9],
    );
    const activations = rows.map((row) => Float32Array.from(row, (token) => (token === 1 ? 1 : 0)));
    const { heldOutSilent } = sampleEvidence(
      { id: 'f', rows, tokenText: (token) => ` t${token}`, activations },
      createRandom(2),
    );
    const similar = heldOutSilent.filter(({ kind }) => kind === 'similar');
    expect(similar).toHaveLength(2);
    for (const { tokens } of similar) expect(tokens).toContain(' t3');
  });

  test('of a feature that is never silent, or never active, is none to score by', () => {
    const always = sampleEvidence(
      { ...ranked, activations: ranked.rows.map(() => Float32Array.of(1, 1, 1)) },
      createRandom(1),
    );
    expect(always.heldOutSilent).toEqual([]);
    const never = sampleEvidence(
      { ...ranked, activations: ranked.rows.map(() => new Float32Array(3)) },
      createRandom(1),
    );
    expect(never.top).toEqual([]);
    expect(never.maxActivation).toBe(0);
  });
});
