import { describe, expect, test } from '@jest/globals';
import { FeedprintError } from '@feedprint/core';
import { auditReportSchema, parseReport, reportJsonSchema } from './fixtures/whole-report.ts';
import { minimalReport } from './fixtures/minimal-report.ts';

test('the published schema names every field and says what words mean', () => {
  const schema = reportJsonSchema();
  expect(Object.keys(schema['properties'] as object)).toEqual(
    expect.arrayContaining(Object.keys(minimalReport())),
  );
  expect(JSON.stringify(schema)).toContain('Learned feedback, in nats');
});

test('a chapter is there in whole or not at all', () => {
  const { words: _, line: __, mixture: ___, verdict: ____, ...without } = minimalReport();
  expect(parseReport(without)).toEqual(without);
  const partly = { ...without, line: null };
  expect(() => parseReport(partly)).toThrow(/at verdict: only a part of words is there/);
  const { dependentRequired } = reportJsonSchema();
  expect(dependentRequired).toHaveProperty('line', ['verdict', 'mixture', 'words']);
  expect(dependentRequired).not.toHaveProperty('divergence');
});

test('a report that does not fit is refused, naming the place', () => {
  const wrong = { ...minimalReport(), words: [{ word: 3 }] };
  expect(() => parseReport(wrong)).toThrow(FeedprintError);
  expect(() => parseReport(wrong)).toThrow(/words\.0\.word/);
  expect(() => parseReport(undefined)).toThrow(/at its top/);
});

describe('the schema', () => {
  test('takes a whole report and gives it back unchanged, from JSON too', () => {
    expect(auditReportSchema.parse(minimalReport())).toEqual(minimalReport());
    expect(auditReportSchema.parse(JSON.parse(JSON.stringify(minimalReport())))).toEqual(
      minimalReport(),
    );
  });

  test.each([
    ['a key that it does not know', { surprise: 1 }, /surprise/],
    ['another version', { schema: 'feedprint-report/2' }, /schema/],
    ['a time that is no ISO time', { createdAt: 'yesterday' }, /createdAt/],
    ['a number that is not finite', { seconds: NaN }, /seconds/],
    ['a missing part', { words: undefined }, /words/],
  ])('refuses %s and names it', (_, change, path) => {
    const { success, error } = auditReportSchema.safeParse({ ...minimalReport(), ...change });
    expect(success).toBe(false);
    expect(JSON.stringify(error?.issues)).toMatch(path);
  });
});
