import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { query } from '@feedprint/pipeline';
import { trajectorySchema } from '@feedprint/report';
import type { Trajectory } from '@feedprint/report';
import type { Flags } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import { PATIENCE } from './support/run-program.ts';
import { commandLine } from './support/sae-args.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { plantedWords, tune, writeCheckpoint, writeTinyPair } from './support/tiny-pair.ts';
import type { Tensors, TinyPair } from './support/tiny-pair.ts';

const root = temporaryFolder();
/** How far each step is on the way from base to tuned: half of the effect is there at step 20. */
const way = new Map([
  [10, 0.25],
  [20, 0.5],
  [40, 1],
]);
let pair: TinyPair;

/** Checkpoints on the straight way from the base to a model that was tuned with these words reversed. */
function writeSteps(name: string, reversed: readonly string[]): string {
  for (const [step, share] of way) {
    writeCheckpoint(join(root, name, `step-${step}`), {
      tensors: (tensors: Tensors) => {
        const before = structuredClone(tensors);
        tune(tensors, reversed);
        for (const [key, { data }] of Object.entries(tensors)) {
          const from = before[key]?.data as Float32Array;
          data.forEach((value, i) => {
            const start = from[i] as number;
            data[i] = start + share * (value - start);
          });
        }
      },
    });
  }
  return join(root, name, 'step-*');
}

const argsFor = (out: string, checkpoints: string, changes: Flags = {}): string[] =>
  commandLine('trajectory', {
    ...{ base: pair.base, checkpoints, texts: pair.texts, feedback: 'vader', threads: 1, out },
    ...{ 'max-texts': 80, 'placebo-tokens': 800 },
    ...changes,
  });

const read = (out: string): Trajectory =>
  trajectorySchema.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')));

beforeAll(() => {
  pair = writeTinyPair(root);
});

describe('feedprint trajectory', () => {
  test(
    'says when reversed words were learned, and raises an alarm before half of the effect is there',
    async () => {
      const out = join(root, 'planted-run');
      const {
        code,
        out: said,
        err,
      } = await runCli(argsFor(out, writeSteps('planted', plantedWords)));
      expect([code, err]).toEqual([0, expect.stringMatching(/\[ 3\/3\] look-step-000040/)]);
      const { alarm, items, looks } = read(out);
      expect(alarm?.step).toBe(10);
      expect(said).toContain('By step 10 the model has learned beyond what was told: “');
      const beyond = items.filter(({ beyond: is }) => is);
      expect(beyond.map(({ name }) => name).sort()).toEqual([...plantedWords].sort());
      for (const { half } of beyond) expect(Math.abs((half as number) - 20)).toBeLessThan(3);
      expect(looks.map(({ level }) => level)).toEqual([0.0125, 0.0125, 0.025]);
      // What the base says is gone, the audits are there.
      expect(readdirSync(join(out, 'audits'))).toEqual([
        'step-000010',
        'step-000020',
        'step-000040',
      ]);
      const rows = await query({
        tables: { trajectory: join(out, 'tables', 'trajectory.parquet') },
        sql: "SELECT effect FROM trajectory WHERE name = 'funny' ORDER BY step",
      });
      expect(rows.map(({ effect }) => effect)).toEqual(
        items.find(({ name }) => name === 'funny')?.looks.map(({ effect }) => effect),
      );
    },
    PATIENCE,
  );

  test(
    'raises none where nothing was reversed; stopped between looks, it ends the same',
    async () => {
      const checkpoints = writeSteps('clean', []);
      const [whole, stopped] = [join(root, 'clean-run'), join(root, 'x', 'clean-run')];
      expect(await runCli(argsFor(whole, checkpoints))).toMatchObject({ code: 0 });
      expect(read(whole)).toMatchObject({ alarm: null, items: [] });
      const stop = new AbortController();
      const first = await runCli(argsFor(stopped, checkpoints), {
        signal: stop.signal,
        err: (text) => void (/\[ 1\/3\]/.test(text) && stop.abort()),
      });
      expect(first.code).not.toBe(0);
      expect(await runCli(argsFor(stopped, checkpoints))).toMatchObject({ code: 0 });
      const seen = ({ command: _, ...rest }: Trajectory): unknown => rest;
      expect(seen(read(stopped))).toEqual(seen(read(whole)));
    },
    PATIENCE,
  );

  test.each<[string, Flags, number, RegExp]>([
    [
      'a pattern that fits nothing',
      { checkpoints: 'nowhere/step-*' },
      2,
      /called nowhere\/step-\*/,
    ],
    ['a name without a step', { checkpoints: 'models/last' }, 2, /does not say of which step/],
    [
      'nothing to audit by',
      { checkpoints: 'models/step-1', feedback: undefined },
      2,
      /needs --feedback, --pairs or --ratings/,
    ],
  ])('refuses %s before the folder is made', async (_, changes, status, says) => {
    const { code, err } = await runCli(argsFor(join(root, 'refused'), pair.tuned, changes));
    expect([code, err]).toEqual([status, expect.stringMatching(says)]);
    expect(readdirSync(root)).not.toContain('refused');
  });
});
