import { describe, expect, test } from '@jest/globals';
import { createNextTokenMeter, createVocabularySums } from '../../src/changes/next-token-kl.ts';

const meter = createNextTokenMeter(3);
const logits = (...values: number[]): Float32Array => Float32Array.from(values);

describe('the next-token meter', () => {
  test('gives the divergence of two distributions by hand', () => {
    // p_base = (1/2, 1/4, 1/4), p_tuned = (1/4, 1/2, 1/4), each up to a constant.
    const found = meter.measure(logits(Math.log(2), 0, 0), logits(5, 5 + Math.log(2), 5));
    expect(found.kl).toBeCloseTo(0.25 * Math.log(2), 6);
    expect(found.reverse).toBeCloseTo(0.25 * Math.log(2), 6);
    expect(found.gained).toBe(1);
    expect(meter.logRatio(1)).toBeCloseTo(Math.log(2), 6);
    expect(meter.logRatio(0)).toBeCloseTo(-Math.log(2), 6);
  });

  test('leaves out tokens that both models exclude', () => {
    const sums = createVocabularySums(3);
    const found = meter.measure(logits(-Infinity, 0, 0), logits(-Infinity, 1, 1), sums);
    expect(found).toMatchObject({ kl: 0, reverse: 0 });
    expect([...sums.kl]).toEqual([0, 0, 0]);
  });

  test('stays finite for logits far apart', () => {
    const { kl } = meter.measure(logits(0, 0, -3000), logits(0, 0, 3000));
    expect(kl).toBeCloseTo(3000 + Math.log(2), 3);
  });

  test.each([
    ['a token that one model alone excludes', [-Infinity, 0, 0]],
    ['NaN', [NaN, 0, 0]],
    ['infinity', [Infinity, 0, 0]],
  ])('refuses %s', (_, values) => {
    expect(() => meter.measure(logits(...values), logits(0, 0, 0))).toThrow(/divergence/);
  });
});
