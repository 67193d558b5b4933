import { describe, expect, test } from '@jest/globals';
import { replyAdvantages, whiten } from '../../src/ppo/advantages.ts';
import { byReply, distance, golden } from './golden.ts';

describe('advantages', () => {
  const values = byReply(golden.values);
  const found = byReply(golden.rewards).map((rewards, i) =>
    replyAdvantages(rewards, values[i] as number[], golden),
  );
  const all = Float64Array.from(found.flatMap(({ advantages }) => [...advantages]));

  test('are those of TRL', () => {
    expect(distance(all, golden.advantages)).toBeLessThan(1e-8);
    const returns = found.flatMap(({ returns: own }) => [...own]);
    expect(distance(returns, golden.returns)).toBeLessThan(1e-8);
  });

  test('are whitened over all replies', () => {
    expect(distance(whiten(all), golden.whitened)).toBeLessThan(1e-8);
  });

  test('are discounted returns where nothing is estimated', () => {
    const { advantages } = replyAdvantages([1, 0, 4], [0, 0, 0], { discount: 0.5, smoothing: 1 });
    expect([...advantages]).toEqual([2, 2, 4]);
  });

  test('of one token are nothing once whitened', () => {
    expect([...whiten(Float64Array.of(3))]).toEqual([0]);
  });
});
