import { expect, test } from '@jest/globals';
import type { PropertyReport, Report } from '../src/chapters/properties/schema.ts';
import { answer } from '../src/chapters/properties/answer.ts';
import { changeInWords, resemblanceWithR } from '../src/chapters/properties/property-words.ts';
import { sentence } from '../src/chapters/properties/sentence.ts';

const found = (number: number, r: number, changes: Partial<PropertyReport> = {}) =>
  ({
    name: `difference-feature-${number}`,
    definition: `Feature ${number} of 32 in which replies to one prompt differ to a base.`,
    ...{ source: 'model', learned: { effect: 1 }, settled: false, flagged: false, score: 0 },
    ...{ verdict: 'not-learned', partner: null, asked: null, declared: null },
    ...{ causes: null, behaves: null, placebo: null },
    resembles: { mostly: { property: 'first-person', r }, explained: 0.72, drawn: 0.05 },
    ...changes,
  }) as unknown as PropertyReport;

test('a property that was found says which counted one it mostly is, and which way round', () => {
  expect(changeInWords(found(3, 0.8), true)).toBe(
    'more difference feature 3 (mostly first person)',
  );
  expect(changeInWords(found(3, -0.8), false)).toBe(
    'less difference feature 3 (mostly the opposite of first person)',
  );
  expect(changeInWords(found(4, 0.3), true)).toBe('more difference feature 4');
  expect(resemblanceWithR(found(3, 0.8))).toBe(
    'mostly first person (r = 0.80); counted properties explain 72 %',
  );
  expect(resemblanceWithR(found(4, -0.3))).toContain('most like the opposite of first person');
});

const report = (...properties: PropertyReport[]) =>
  ({
    properties,
    replyVerdict: { verdict: 'learned', replies: 400, pairs: 900, placebos: [], tokens: 40 },
  }) as unknown as Report;

test('one that was learned stands in the sentence; those left open are not listed by their numbers', () => {
  const learned = found(3, 0.8, {
    ...{ flagged: true, settled: true, score: 0.2, verdict: 'in-data-and-learned' },
  });
  const all = report(learned, found(5, 0.2), found(6, 0.1));
  expect(sentence(all)).toContain('more difference feature 3 (mostly first person)');
  const { notVisible = [] } = answer(all);
  expect(notVisible.map(({ text }) => text).join(' ')).not.toMatch(/feature [56]/);
});
