import { expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { raiseAlarm } from '../../src/trajectory/raise-alarm.ts';
import type { SeenItem } from '../../src/trajectory/seen.ts';

const item = (kind: SeenItem['kind'], name: string, chance: number | null): SeenItem => ({
  ...{ kind, name, inWords: name, chance },
  ...{ effect: 1, low: 0.5, high: 1.5, learned: true },
});
const named = (items: readonly SeenItem[], level = 0.01): string[] =>
  raiseAlarm(7, { items }, level)?.items.map(({ name }) => name) ?? [];

test('properties raise it one by one', () => {
  expect(named([item('property', 'commas', 0.02), item('property', 'length', 0.02)])).toEqual([]);
  expect(named([item('property', 'commas', 0.02), item('property', 'length', 0.009)])).toEqual([
    'length',
  ]);
});

test('words raise it together, the surest first', () => {
  const doubtful = [item('word', 'good', 0.15), item('word', 'bad', 0.05)];
  expect(named(doubtful.slice(1))).toEqual([]);
  expect(named(doubtful)).toEqual(['bad', 'good']);
  expect(named([...doubtful, item('property', 'commas', 0.02)])).toEqual(['bad', 'good']);
  expect(named([...doubtful, item('word', 'not flagged', null)])).toEqual(['bad', 'good']);
});

test('with posterior probabilities that are true, false alarms stay below the level', () => {
  const random = createRandom(3);
  const level = 0.05;
  let wrong = 0;
  const looks = 20_000;
  for (let look = 0; look < looks; look++) {
    const words = Array.from({ length: 1 + Math.floor(3 * random.next()) }, (_, i) => {
      const chance = 0.2 * random.next();
      return { seen: item('word', `${i}`, chance), isReversed: random.next() >= chance };
    });
    const isRaised =
      named(
        words.map(({ seen }) => seen),
        level,
      ).length > 0;
    if (isRaised && words.every(({ isReversed }) => !isReversed)) wrong++;
  }
  expect(wrong).toBeGreaterThan(0);
  expect(wrong / looks).toBeLessThan(level);
});
