import { describe, expect, test } from '@jest/globals';
import { divideIntoBatches } from '../../src/generation/batches.ts';

const info = {
  architecture: 'none',
  layers: 12,
  width: 768,
  vocabularySize: 50_000,
  contextLength: 1024,
};
const prompts = Array.from({ length: 700 }, (_, i) => new Int32Array(1 + ((i * 37) % 300)));

describe('batches of prompts', () => {
  const batches = divideIntoBatches(info, prompts, 50);

  test('hold every prompt once', () => {
    expect(batches.flat().sort((a, b) => a - b)).toEqual([...prompts.keys()]);
  });

  test('bound keys and values to 256 MiB and logits to 64 MiB', () => {
    for (const batch of batches) {
      const longest = Math.max(...batch.map((i) => (prompts[i] as Int32Array).length)) + 50;
      expect(batch.length * longest * 2 * 4 * info.layers * info.width).toBeLessThanOrEqual(
        2 ** 28,
      );
      expect(batch.length * 4 * info.vocabularySize).toBeLessThanOrEqual(2 ** 26);
    }
    expect(batches.length).toBeLessThan(100);
  });

  test('are of similar lengths', () => {
    let padding = 0;
    let real = 0;
    for (const batch of batches) {
      const lengths = batch.map((i) => (prompts[i] as Int32Array).length);
      real += lengths.reduce((a, b) => a + b, 0);
      padding += Math.max(...lengths) * lengths.length;
    }
    expect(1 - real / padding).toBeLessThan(0.1);
  });

  test('hold one prompt at least, and none where there is none', () => {
    const huge = { ...info, width: 2 ** 20, vocabularySize: 2 ** 25 };
    expect(divideIntoBatches(huge, prompts.slice(0, 3), 1).map((b) => b.length)).toEqual([1, 1, 1]);
    expect(divideIntoBatches(info, [], 5)).toEqual([]);
  });
});
