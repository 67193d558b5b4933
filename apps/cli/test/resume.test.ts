import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import type { RunEvent } from '@feedprint/core';
import { readRunEvents } from '@feedprint/pipeline';
import { auditArgs } from './support/flags.ts';
import type { Flags } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { hashesIn, temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';
import { parseWhole } from './support/whole-report.ts';
import type { WholeReport } from './support/whole-report.ts';

const root = temporaryFolder();
/** Folders of one name, for the report holds it. */
const folderOf = (parent: string): string => join(root, parent, 'run');

let pair: TinyPair;
let stages: readonly string[];

const argsFor = (out: string, changes: Flags = {}): string[] =>
  auditArgs(pair, out, { 'max-texts': 24, ...changes });

/** What must not depend on when and where a run was made: the report but its times and commands, every artifact and table. */
function outcome(folder: string) {
  const json: unknown = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
  const {
    createdAt: _at,
    seconds: _seconds,
    command: _command,
    answer: { next: _commands, ...answer },
    ...rest
  }: WholeReport = parseWhole(json);
  const report = { answer, ...rest };
  return { report, bytes: hashesIn(folder, (path) => /^(stages|tables)\b|^run\.json$/.test(path)) };
}

/** Whether the folder has a report, and not only of the first findings. */
function isWhole(folder: string): boolean {
  if (!readdirSync(folder).includes('report.json')) return false;
  return !('pending' in (JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as object));
}

/** Events of the latest start. */
async function latestEvents(folder: string): Promise<RunEvent[]> {
  const { events, unreadable } = await readRunEvents(folder);
  expect(unreadable).toBe(0);
  const all = events.map(({ event }) => event);
  return all.slice(all.findLastIndex(({ type }) => type === 'run-started'));
}

const finished = (events: readonly RunEvent[], reused: boolean): string[] =>
  events.flatMap((event) =>
    event.type === 'stage-finished' && event.reused === reused ? [event.stage] : [],
  );

/**
 * What a start reused: all stages that earlier ones reported as finished, and at most one more, published just before the
 * kill and not yet reported.
 */
function expectReused(events: readonly RunEvent[], reported: readonly string[]): string[] {
  const reused = finished(events, true);
  expect(reused).toEqual(stages.slice(0, reused.length));
  expect(reused.length - reported.length).toBeGreaterThanOrEqual(0);
  expect(reused.length - reported.length).toBeLessThanOrEqual(1);
  return reused;
}

beforeAll(async () => {
  pair = writeTinyPair(root);
  const { code, err } = await runProgram(argsFor(folderOf('whole')));
  if (code !== 0) throw new Error(err);
  const [started] = await latestEvents(folderOf('whole'));
  stages = started?.type === 'run-started' ? started.stages : [];
}, PATIENCE);

describe('an audit', () => {
  test(
    'killed at three moments, interrupted once and continued ends with the same bytes',
    async () => {
      const folder = folderOf('killed');
      const args = argsFor(folder);
      const random = createRandom(20_261_122);
      // One in each quarter of the stages.
      const quarter = (stages.length - 4) / 4;
      const moments = [0, 1, 2, 3].map((i) => 1 + Math.floor((i + random.next()) * quarter));
      let before: string[] = [];
      for (const [i, after] of moments.entries()) {
        const signal = i === 1 ? 'SIGINT' : 'SIGKILL';
        const milliseconds = random.integer(150);
        const { code, err } = await runProgram(args, { stop: { signal, after, milliseconds } });
        expect(code).toBe(signal === 'SIGINT' ? 130 : null);
        if (signal === 'SIGINT') {
          const last = err.trimEnd().split('\n').at(-1);
          expect(last).toMatch(/^stopped in stage .*; run the same command again to continue$/);
          expect(err).not.toMatch(/\n\s+at /);
        }
        const events = await latestEvents(folder);
        before = [...expectReused(events, before), ...finished(events, false)];
        expect(before).toEqual(stages.slice(0, before.length));
        expect(before.length).toBeGreaterThanOrEqual(after);
        expect(isWhole(folder)).toBe(false);
      }
      const { code, err } = await runProgram(args);
      expect(code).toBe(0);
      expect(err).toMatch(/capture already done\n/);
      const events = await latestEvents(folder);
      const reused = expectReused(events, before);
      expect(finished(events, false)).toEqual(stages.slice(reused.length));
      expect(events.at(-1)?.type).toBe('run-finished');
      expect(outcome(folder)).toEqual(outcome(folderOf('whole')));
      expect(readdirSync(folder).filter((name) => /tmp|lock/.test(name))).toEqual([]);
    },
    PATIENCE,
  );

  test(
    'whose first stages are done is stopped by its signal with a clear message',
    async () => {
      const stop = new AbortController();
      const { code, err, out } = await runCli(argsFor(folderOf('whole')), {
        signal: AbortSignal.any([stop.signal, AbortSignal.abort()]),
      });
      expect({ code, out }).toEqual({ code: 130, out: '' });
      expect(err).toMatch(
        /^read 24 texts, .*\nstopped in stage capture; run the same command again to continue\n$/,
      );
      expect((await latestEvents(folderOf('whole'))).at(-1)).toMatchObject({
        type: 'run-failed',
        code: 'cancelled',
      });
    },
    PATIENCE,
  );

  test(
    'that is done is done at once, and its report stays the same',
    async () => {
      const before = outcome(folderOf('whole'));
      expect(await runCli(argsFor(folderOf('whole')))).toMatchObject({ code: 0 });
      const events = await latestEvents(folderOf('whole'));
      expect(finished(events, true)).toEqual(stages);
      expect(outcome(folderOf('whole'))).toEqual(before);
    },
    PATIENCE,
  );

  test(
    'of the same seed gives the same bytes in another folder, of another seed other ones',
    async () => {
      const runs = await Promise.all([
        runProgram(argsFor(folderOf('again'))),
        runProgram(argsFor(folderOf('other'), { seed: 1 })),
      ]);
      expect(runs.map(({ code }) => code)).toEqual([0, 0]);
      const again = outcome(folderOf('again'));
      expect(again).toEqual(outcome(folderOf('whole')));
      const other = outcome(folderOf('other'));
      expect(other.report.saes[0]?.fvu).not.toBe(again.report.saes[0]?.fvu);
      // What involves no chance is the same.
      expect(other.report.divergence).toEqual(again.report.divergence);
      expect(other.report.words.map(({ word, estimate }) => [word, estimate])).toEqual(
        again.report.words.map(({ word, estimate }) => [word, estimate]),
      );
    },
    PATIENCE,
  );

  test(
    'refuses a folder that another process is writing',
    async () => {
      const folder = folderOf('whole');
      const { createRunStore } = await import('@feedprint/pipeline');
      const store = await createRunStore({ folder, now: () => new Date() });
      const { code, err } = await runCli(argsFor(folder));
      await store.close();
      expect(code).toBe(1);
      expect(err).toMatch(/^error: process \d+ is writing this run .*; wait until it ends/);
    },
    PATIENCE,
  );
});
