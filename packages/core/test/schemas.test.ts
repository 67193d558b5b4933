import { describe, expect, test } from '@jest/globals';
import { auditReportSchema, runEventSchema } from '../src/index.ts';
import { smallReport } from './support/report.ts';

describe('the report schema', () => {
  test('takes a whole report and gives it back unchanged, from JSON too', () => {
    expect(auditReportSchema.parse(smallReport())).toEqual(smallReport());
    expect(auditReportSchema.parse(JSON.parse(JSON.stringify(smallReport())))).toEqual(
      smallReport(),
    );
  });

  test.each([
    ['a key that it does not know', { surprise: 1 }, /surprise/],
    ['another version', { schema: 'feedprint-report/2' }, /schema/],
    ['a time that is no ISO time', { createdAt: 'yesterday' }, /createdAt/],
    ['a number that is not finite', { seconds: NaN }, /seconds/],
    ['a missing part', { words: undefined }, /words/],
  ])('refuses %s and names it', (_, change, path) => {
    const { success, error } = auditReportSchema.safeParse({ ...smallReport(), ...change });
    expect(success).toBe(false);
    expect(JSON.stringify(error?.issues)).toMatch(path);
  });
});

describe('the event schema', () => {
  const at = '2026-11-22T10:15:00Z';

  test.each([
    { type: 'run-started', at, name: 'demo', stages: ['capture'] },
    { type: 'stage-progress', at, stage: 'capture', done: 1, total: 2, unit: 'texts' },
    { type: 'stage-finished', at, stage: 'capture', reused: false },
    { type: 'run-failed', at, code: 'usage', message: 'why' },
  ])('takes $type', (event) => {
    expect(runEventSchema.parse(event)).toEqual(event);
  });

  test.each([
    ['an unknown type', { type: 'run-paused', at }],
    ['no time', { type: 'run-finished' }],
    ['a stage without its name', { type: 'stage-started', at }],
  ])('refuses %s', (_, event) => {
    expect(runEventSchema.safeParse(event).success).toBe(false);
  });
});
