import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  constantRate,
  cosineDecay,
  cosineRestarts,
  linearDecay,
  sequence,
  warmup,
} from '../src/index.ts';
import type { Schedule } from '../src/index.ts';

const golden = (
  JSON.parse(readFileSync(new URL('./golden/optimizers.json', import.meta.url), 'utf8')) as {
    readonly schedules: Readonly<Record<string, readonly number[]>>;
  }
).schedules;

const rate = 0.4;

describe('learning rates as PyTorch schedules them', () => {
  test.each<[string, Schedule]>([
    ['linear', linearDecay({ rate, steps: 8, final: 0.1 })],
    ['cosine', cosineDecay({ rate, steps: 12, final: 0.1 })],
    ['restarts', cosineRestarts({ rate, steps: 5, final: 0.1 })],
    ['growing restarts', cosineRestarts({ rate, steps: 2, growth: 2 })],
    ['warm-up, then linear', warmup(4, linearDecay({ rate, steps: 8 }))],
  ])('%s', (name, schedule) => {
    const expected = golden[name] ?? [];
    expect(expected).toHaveLength(12);
    expected.forEach((value, step) => expect(schedule(step)).toBeCloseTo(value, 12));
  });
});

test('decays keep their final rate', () => {
  expect(linearDecay({ rate, steps: 3, final: 0.1 })(100)).toBeCloseTo(0.1, 12);
  expect(cosineDecay({ rate, steps: 3, final: 0.1 })(100)).toBeCloseTo(0.1, 12);
});

test('a sequence restarts the count of what comes second', () => {
  const held = sequence(constantRate(rate), 3, linearDecay({ rate, steps: 2 }));
  expect([0, 1, 2, 3, 4, 5, 6].map(held)).toEqual([rate, rate, rate, rate, rate / 2, 0, 0]);
});

test('no warm-up is none, and one warms nothing', () => {
  expect(warmup(0, constantRate(rate))(0)).toBe(rate);
  expect(warmup(1, constantRate(rate))(0)).toBe(rate);
});

test.each([
  () => linearDecay({ rate, steps: 0 }),
  () => cosineDecay({ rate, steps: 2.5 }),
  () => cosineRestarts({ rate, steps: 4, growth: 0 }),
  () => warmup(-1, constantRate(rate)),
])('numbers of steps that make no schedule are refused', (make) => {
  expect(make).toThrow(/whole number of steps/);
});
