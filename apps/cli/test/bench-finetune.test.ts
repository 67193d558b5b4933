import { describe, expect, test } from '@jest/globals';
import type { Flags } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import { commandLine } from './support/sae-args.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeCheckpoint } from './support/tiny-pair.ts';

const folder = writeCheckpoint(`${temporaryFolder()}/model`);
const bench = (changes: Flags = {}) =>
  runCli(
    commandLine('bench finetune', {
      ...{ model: folder, threads: 1, batch: 4, length: 8, steps: 2 },
      ...changes,
    }),
  );

describe('feedprint bench finetune', () => {
  test.each(['sft', 'dpo'])('times %s and prints one line of JSON', async (method) => {
    const { code, out } = await bench({ method, json: true });
    expect(code).toBe(0);
    expect(out).toMatch(/^[^\n]*\n$/);
    const result = JSON.parse(out) as Record<string, number>;
    const { secondsPerStep, tokensPerSecond, peakMemoryBytes, ...settings } = result;
    const expected = { model: 'model', method, batch: 4, length: 8, steps: 2, threads: 1 };
    expect(settings).toEqual(expected);
    expect(tokensPerSecond).toBeCloseTo((4 * 7) / (secondsPerStep as number), 6);
    expect(peakMemoryBytes).toBeGreaterThan(1e6);
  });

  test('prints the same for people', async () => {
    const { out } = await bench();
    expect(out).toMatch(/^model by sft, 4 sequences of 8 tokens, 1 thread\nmedian of 2 steps .*\n/);
  });

  test.each<[Flags, RegExp]>([
    [{ method: 'dpo', batch: 3 }, /3 sequences are not pairs; give an even --batch/],
    [{ length: 33 }, /33 tokens exceed the context of 32; lower --length/],
  ])('refuses %p', async (changes, says) => {
    const { code, err } = await bench(changes);
    expect([code, err]).toEqual([2, expect.stringMatching(says)]);
  });
});
