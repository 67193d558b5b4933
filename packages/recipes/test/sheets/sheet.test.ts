import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@feedprint/core';
import type { FeatureEvidence } from '@feedprint/core';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createSheet, readAnswers, scoreSheet, sheetCsv } from '../../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'feedprint-sheets-'));
afterAll(() => rmSync(folder, { recursive: true }));

const window = (word: string) => ({ tokens: [' so', ` ${word}`, '\n'], activations: [0, 4, 0] });
const evidence = Array.from({ length: 60 }, (_, i): FeatureEvidence => ({
  id: `site/${i}`,
  top: [window(`shown${i}`)],
  heldOutActive: [window(`word${i}`), window(`word${i}`)],
  heldOutSilent: [],
  maxActivation: 4,
}));
const nothing = {
  related: null,
  confidence: null,
  detection: null,
  fuzzing: null,
  simulation: null,
};
const features = evidence.map(({ id }, i) => ({
  ...{ id, ...nothing },
  label: i === 59 ? null : i === 0 ? '=word0, "quoted"' : `word${i}`,
}));
const labels = { labeler: 'test', features };
const { sheet, key } = createSheet({ labels, evidence, seed: 3 });

describe('a sheet', () => {
  test('asks of held-out texts which of four explanations fits, and keeps the key apart', () => {
    expect(sheet.questions).toHaveLength(40);
    sheet.questions.forEach(({ texts, choices }, q) => {
      const answer = key.questions[q];
      const own = features.find(({ id }) => id === answer?.feature)?.label;
      expect(choices.find(({ letter }) => letter === answer?.right)?.text).toBe(own);
      expect(new Set(choices.map(({ text }) => text)).size).toBe(5);
      expect(choices.at(-1)).toEqual({ letter: 'E', text: 'none of these' });
      expect(texts).toHaveLength(2);
      for (const text of texts) expect(text).toMatch(/^so⟦ word\d+⟧$/);
    });
    expect(JSON.stringify(sheet)).not.toContain('site/');
    expect(JSON.stringify(sheet)).not.toContain('shown');
    // The right letter is at any place.
    const places = new Set(key.questions.map(({ right }) => right));
    expect([...places].sort()).toEqual(['A', 'B', 'C', 'D']);
  });

  test('as CSV is filled in and read again', async () => {
    const csv = sheetCsv(createSheet({ labels, evidence, questions: 100, seed: 3 }).sheet);
    expect(csv).toContain('"\'=word0, ""quoted"""');
    const lines = csv.trimEnd().split('\n');
    expect(lines).toHaveLength(60);
    const filled = lines.map((line, i) => (i === 0 || i > 3 ? line : line.replace(/""$/, ' b ')));
    writeFileSync(join(folder, 'ann.csv'), `${filled.join('\n')}\n`);
    const { name, letters } = await readAnswers(join(folder, 'ann.csv'));
    expect(name).toBe('ann.csv');
    expect([...letters]).toEqual([
      [1, 'B'],
      [2, 'B'],
      [3, 'B'],
    ]);
  });

  test.each([
    ['question,answer\n1,A\n1,B\n', /question 1 is answered twice/],
    ['question,answer\n1,maybe\n', /"MAYBE" is no letter/],
    ['answer,text\nA,x\n', /no number of a question/],
  ])('refuses %j', async (content, message) => {
    writeFileSync(join(folder, 'wrong.csv'), content);
    await expect(readAnswers(join(folder, 'wrong.csv'))).rejects.toThrow(message);
  });

  test('needs four different explanations', () => {
    const few = { labeler: 'test', features: features.slice(0, 3) };
    expect(() => createSheet({ labels: few, evidence, seed: 1 })).toThrow(
      /needs 4 different explanations, and there are 3/,
    );
  });
});

/** Answers of one who knows this share of the questions, and guesses the others. */
function answersOf(name: string, knows: number) {
  const random = createRandom(8).fork(name);
  return {
    name,
    letters: new Map(
      key.questions.map(({ question, right }) => [
        question,
        random.next() < knows ? right : ('ABCDE'[random.integer(5)] as string),
      ]),
    ),
  };
}

describe('the answers', () => {
  test('of those who know are right and alike; of those who guess they are neither', () => {
    const sure = scoreSheet(key, [answersOf('ann', 1), answersOf('bob', 1), answersOf('eve', 1)]);
    expect(sure.right).toMatchObject({ events: 120, trials: 120, value: 1 });
    expect(sure.all).toEqual({ kappa: 1, n: 40 });
    expect(sure.confirmed).toHaveLength(40);
    const names = Array.from({ length: 12 }, (_, i) => `guess ${i}`);
    const guessed = scoreSheet(
      key,
      names.map((name) => answersOf(name, 0)),
    );
    expect(guessed.right.interval?.low).toBeLessThan(guessed.chance);
    expect(guessed.right.interval?.high).toBeGreaterThan(guessed.chance);
    expect(Math.abs(guessed.all?.kappa ?? NaN)).toBeLessThan(0.05);
    expect(guessed.pairs).toHaveLength(66);
  });

  test('that are open, say none or are those of one person count as what they are', () => {
    const [first, second, third] = key.questions;
    const letters = new Map([
      [first?.question ?? 0, first?.right ?? ''],
      [second?.question ?? 0, 'E'],
    ]);
    const score = scoreSheet(key, [{ name: 'ann', letters }]);
    expect(score.annotators[0]).toMatchObject({
      right: { events: 1, trials: 2 },
      none: { events: 1, trials: 2 },
      open: 38,
    });
    expect(score).toMatchObject({
      all: null,
      pairs: [],
      confirmed: [first?.feature],
      doubted: [second?.feature],
    });
    expect(score.doubted).not.toContain(third?.feature);
    const strange = { name: 'bob', letters: new Map([[99, 'A']]) };
    expect(() => scoreSheet(key, [strange])).toThrow(/answers question 99/);
  });
});
