import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readRunEvents } from '@feedprint/pipeline';
import type { RunEvent } from '@feedprint/core';
import type { Flags } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { trainArgs } from './support/sae-args.ts';
import { stagesIn, stopWhen } from './support/stop-when.ts';
import { hashesIn, temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';

const root = temporaryFolder();
let pair: TinyPair;

/** Long enough to be caught in the middle. */
const argsFor = (out: string, changes: Flags = {}): string[] =>
  trainArgs(pair, out, { tokens: 60_000, k: '2,4', 'checkpoint-tokens': 2000, ...changes });

async function eventsOf(out: string): Promise<RunEvent[]> {
  const { events, unreadable } = await readRunEvents(join(out, 'run'));
  expect(unreadable).toBe(0);
  return events.map(({ event }) => event);
}

/** All files but the event log, whose times differ. */
const outcome = (out: string): Record<string, string> =>
  hashesIn(out, (path) => path !== join('run', 'events.jsonl'));

/** Steps that training has reported so far, by reading the log as it grows. */
const reports = (out: string): number => {
  const file = join(out, 'run', 'events.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8').split('"name":"mse').length - 1 : 0;
};

/** The points of the curve that the latest start shows, by step. */
function latestCurve(events: readonly RunEvent[], name: string): [number, number][] {
  const from = events.findLastIndex((e) => e.type === 'stage-started' && e.stage === 'train');
  return events
    .slice(from)
    .flatMap((e) =>
      e.type === 'metric' && e.name === name ? [[e.step, e.value] as [number, number]] : [],
    );
}

const whole = join(root, 'whole');

beforeAll(async () => {
  pair = writeTinyPair(root);
  const { code, err } = await runProgram(argsFor(whole));
  if (code !== 0) throw new Error(err);
}, PATIENCE);

describe('a training', () => {
  test(
    'killed in every stage and twice between checkpoints ends with the same bytes',
    async () => {
      const out = join(root, 'killed');
      const checkpoint = join(out, 'run', 'checkpoints', '0', 'checkpoint.safetensors');
      const moments: [string, () => boolean][] = [
        ['while it captures', () => stagesIn(out).some((name) => name.startsWith('.tmp-capture'))],
        [
          'before the first checkpoint',
          () => stagesIn(out).some((name) => name.startsWith('.tmp-train')),
        ],
        ['after some checkpoints', () => existsSync(checkpoint) && reports(out) >= 2 * 6],
        ['later', () => existsSync(checkpoint) && reports(out) >= 2 * 20],
        ['while it is tried', () => stagesIn(out).some((name) => name.startsWith('.tmp-evaluate'))],
      ];
      for (const [, moment] of moments) {
        expect((await stopWhen(argsFor(out), moment)).code).toBeNull();
        expect(existsSync(join(out, 'k=4', 'cfg.json'))).toBe(false);
      }
      const ended = await runProgram(argsFor(out));
      expect(ended.code).toBe(0);
      expect(ended.err).toMatch(/capture already done\n.*train already done\n/);
      expect(outcome(out)).toEqual(outcome(whole));
      expect(existsSync(join(out, 'run', 'checkpoints'))).toBe(false);
    },
    PATIENCE,
  );

  test(
    'interrupted keeps the step that it was at, and says how to continue; the curve then has no gap',
    async () => {
      const out = join(root, 'interrupted');
      // Without another checkpoint than the one on leaving.
      const args = argsFor(out, { 'checkpoint-tokens': 1_000_000 });
      const { code, err } = await stopWhen(args, () => reports(out) >= 2 * 8, 'SIGINT');
      expect(code).toBe(130);
      expect(err).toMatch(/stopped in stage train; run the same command again to continue\n$/);
      const seen = Math.max(...latestCurve(await eventsOf(out), 'mse (k=2)').map(([step]) => step));
      const events = (await eventsOf(out)).length;
      expect((await runProgram(args)).code).toBe(0);
      const later = await eventsOf(out);
      for (const name of ['mse (k=2)', 'dead (k=4)']) {
        expect(latestCurve(later, name)).toEqual(latestCurve(await eventsOf(whole), name));
      }
      // It went on from where it was: the first step that it had to take is behind what it had shown.
      const firstTrained = later
        .slice(events)
        .findIndex((e) => e.type === 'stage-progress' && e.stage === 'train');
      expect(later.slice(events)[firstTrained]).toMatchObject({ type: 'stage-progress' });
      expect((later.slice(events)[firstTrained] as { done: number }).done).toBeGreaterThan(
        128 * seen,
      );
      const weights = join('k=2', 'sae_weights.safetensors');
      expect(outcome(out)[weights]).toBe(outcome(whole)[weights]);
    },
    PATIENCE,
  );

  test(
    'killed while it reads from the model ends with the same weights',
    async () => {
      const out = join(root, 'stream');
      const args = argsFor(out, { stream: true });
      expect((await stopWhen(args, () => reports(out) >= 2 * 8)).code).toBeNull();
      expect((await runProgram(args)).code).toBe(0);
      for (const name of ['k=2', 'k=4'])
        for (const file of ['cfg.json', 'sae_weights.safetensors']) {
          expect(outcome(out)[join(name, file)]).toBe(outcome(whole)[join(name, file)]);
        }
    },
    PATIENCE,
  );

  test(
    'that was started otherwise and killed is not continued by another command line',
    async () => {
      const out = join(root, 'other');
      await stopWhen(argsFor(out), () =>
        stagesIn(out).some((name) => name.startsWith('.tmp-train')),
      );
      const { code, err } = await runCli(argsFor(out, { lr: 0.01 }));
      expect(code).toBe(1);
      expect(err).toMatch(
        /^error: .*a run with other settings \(settings\.trainer\.learningRate 0\.002, now 0\.01\); run/,
      );
    },
    PATIENCE,
  );

  test('of a folder that another process writes is refused', async () => {
    const { createRunStore } = await import('@feedprint/pipeline');
    const store = await createRunStore({ folder: join(whole, 'run'), now: () => new Date() });
    const { code, err } = await runCli(argsFor(whole));
    await store.close();
    expect(code).toBe(1);
    expect(err).toMatch(/^error: process \d+ is writing this run .*; wait until it ends/);
  });
});
