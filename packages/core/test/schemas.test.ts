import { describe, expect, test } from '@jest/globals';
import { runEventSchema } from '../src/index.ts';

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
