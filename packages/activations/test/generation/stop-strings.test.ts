import { describe, expect, test } from '@jest/globals';
import { createStopTest } from '../../src/generation/stop-strings.ts';

const letters = ['', 'a', 'b', 'ab', ' c', '\n', 'long '];
const decode = (ids: readonly number[]): string => ids.map((id) => letters[id]).join('');
/** As the tokenizers of Llama do: the first space of a text is left out. */
const stripping = (ids: readonly number[]): string => decode(ids).replace(/^ /, '');

describe('stop strings', () => {
  test('are found in one token, over several, and within one', () => {
    const stops = createStopTest({ decode }, ['ab', 'ng']);
    expect(stops([1], [3])).toBe(true);
    expect(stops([1], [1, 2])).toBe(true);
    expect(stops([1], [5, 6])).toBe(true);
    expect(stops([1], [1, 5, 2])).toBe(false);
  });

  test('are not looked for in the prompt, nor across its end', () => {
    const stops = createStopTest({ decode }, ['ab']);
    expect(stops([1, 2], [4])).toBe(false);
    expect(stops([1], [2])).toBe(false);
  });

  test('keep the space at which a new text begins', () => {
    const stops = createStopTest({ decode: stripping }, [' c']);
    expect(stops([1], [4])).toBe(true);
  });

  test('are found at the end of long rows, with tokens of no text between', () => {
    const stops = createStopTest({ decode: stripping }, ['ab c']);
    const many = new Array<number>(500).fill(2);
    expect(stops([1], [...many, 1, 2, 4])).toBe(true);
    expect(stops([1], [...many, 1, 0, 0, 0, 2, 0, 4])).toBe(true);
    expect(stops([1], [...many, 1, 2])).toBe(false);
  });

  test('decode a bounded number of tokens, however long the row', () => {
    let most = 0;
    const counting = (ids: readonly number[]): string => {
      most = Math.max(most, ids.length);
      return decode(ids);
    };
    const stops = createStopTest({ decode: counting }, ['ab c']);
    stops(new Array<number>(1000).fill(1), new Array<number>(1000).fill(2));
    expect(most).toBeLessThan(30);
  });

  test('of none, none is found', () => {
    expect(createStopTest({ decode }, [])([1], [3])).toBe(false);
  });
});
