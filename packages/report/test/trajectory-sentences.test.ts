import { describe, expect, test } from '@jest/globals';
import { alarmSentence } from '../src/trajectory/sentences.ts';

const item = (name: string, inWords: string) => ({
  ...{ kind: 'property' as const, name, inWords, chance: 0 },
});

describe('alarmSentence', () => {
  test('says once what several properties say', () => {
    const items = [item('length', 'shorter replies'), item('tokens', 'shorter replies')];
    expect(alarmSentence({ step: 10, items: [...items, item('lists', 'more lists')] })).toBe(
      'By step 10 the model has learned beyond what was told: shorter replies and more lists.',
    );
  });

  test('names three things, and counts the others', () => {
    const items = ['a', 'b', 'c', 'd', 'e'].map((name) => item(name, `more ${name}`));
    expect(alarmSentence({ step: 1000, items })).toBe(
      'By step 1,000 the model has learned beyond what was told: more a, more b, more c and 2 more.',
    );
  });
});
