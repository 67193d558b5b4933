import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import { benchSae } from '../src/bench/bench-sae.ts';
import { createOnnxEngine } from '@feedprint/graph';
import { runCli } from './support/run-cli.ts';
import type { Captured } from './support/run-cli.ts';
import { commandLine } from './support/sae-args.ts';
import type { Flags } from './support/flags.ts';

const bench = (changes: Flags = {}): Promise<Captured> =>
  runCli(
    commandLine('bench sae', {
      'd-in': 16,
      width: 32,
      batch: 64,
      steps: 4,
      threads: 1,
      ...changes,
    }),
  );

/** Kinds that fix the number of active features. */
const takesK = ['topk', 'batchtopk', 'matryoshka', 'crosscoder'];

describe('feedprint bench sae', () => {
  test.each(['tied', 'relu', 'gated', 'topk', 'batchtopk', 'jumprelu', 'matryoshka', 'crosscoder'])(
    'times kind %s and prints one line of JSON',
    async (kind) => {
      const { code, out } = await bench({
        kind,
        json: true,
        ...(takesK.includes(kind) && { k: 4 }),
      });
      expect(code).toBe(0);
      const result = JSON.parse(out) as Record<string, number>;
      expect(result).toMatchObject({
        engine: 'onnxruntime',
        kind,
        dIn: 16,
        dSae: 32,
        rows: 64,
        steps: 4,
      });
      const { secondsPerStep = 0, rowsPerSecond = 0, waiting = -1, peakMemoryBytes = 0 } = result;
      expect(rowsPerSecond).toBeCloseTo(64 / secondsPerStep, 6);
      expect(waiting).toBeGreaterThanOrEqual(0);
      expect(waiting).toBeLessThan(1);
      expect(peakMemoryBytes).toBeGreaterThan(1e7);
    },
  );

  test('trains on TensorFlow.js too', async () => {
    const { code, out } = await bench({ engine: 'tensorflow', kind: 'relu', json: true });
    expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ engine: 'tensorflow' })]);
  });

  test('reads from disk if it is told to, and leaves nothing there', async () => {
    const left = (): string[] =>
      readdirSync(tmpdir()).filter((name) => name.startsWith('feedprint-bench-'));
    const before = left();
    const { code, out } = await bench({ disk: true });
    expect(code).toBe(0);
    expect(out).toMatch(/median of 4 steps +\d+\.\d ms\nrows per second +\d+\nwaiting between/);
    expect(left().filter((name) => !before.includes(name))).toEqual([]);
  });

  test('counts the steps after the first three, by the clock that it is given', async () => {
    let now = 0;
    const clock = (): number => (now += 5);
    const engine = createOnnxEngine({ threads: 1 });
    const result = await benchSae(
      {
        engine,
        settings: { kind: 'relu', l1: 1 },
        dIn: 8,
        dSae: 16,
        rows: 32,
        steps: 6,
        threads: 1,
        disk: false,
      },
      clock,
    );
    expect(result.secondsPerStep).toBe(0.005);
    expect(result.rowsPerSecond).toBe(6400);
    // Steps take one tick each, and there is one between them: 6 of 11.
    expect(result.waiting).toBeCloseTo(5 / 11, 10);
  });

  test.each<[string, Flags, RegExp]>([
    ['more active features than there are', { kind: 'topk', k: 64 }, /k = 64 .* 32 .*; lower --k/],
    [
      'half a unit per model',
      { kind: 'crosscoder', 'd-in': 15 },
      /15 units .*; give an even --d-in/,
    ],
    ['a kind that is none', { kind: 'dense' }, /must be one of tied, relu/],
    [
      'active features of a kind that weighs them',
      { kind: 'relu', k: 4 },
      /--k does nothing for a kind/,
    ],
    ['no steps', { steps: 0 }, /at least 1/],
    [
      'a device of the other engine',
      { engine: 'tensorflow', device: 'cuda' },
      /leave --device out/,
    ],
  ])('refuses %s', async (_, flags, says) => {
    const { code, out, err } = await bench(flags);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(says);
    expect(err).toMatch(/^error: /);
  });
});
