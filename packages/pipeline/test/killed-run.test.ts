import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { readRunEvents } from '../src/run-store/event-log.ts';
import { hashTree, temporaryFolder } from './temporary-folder.ts';

const program = fileURLToPath(new URL('./fixtures/killable-run.mjs', import.meta.url));

interface Ended {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  readonly output: string;
}

/** Runs the program; kills it after some milliseconds of work, or lets it kill itself at an operation. */
function run(
  folder: string,
  { killAfter, killAt }: { readonly killAfter?: number; readonly killAt?: number } = {},
): Promise<Ended> {
  return new Promise((done, fail) => {
    const args = [program, folder, ...(killAt === undefined ? [] : [String(killAt)])];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (killAfter === undefined || !output.startsWith('ready\n')) return;
      setTimeout(() => child.kill('SIGKILL'), killAfter);
    });
    child.on('error', fail);
    child.on('close', (code, signal) => done({ code, signal, output }));
  });
}

let expected: Record<string, string>;
let operations: number;
let milliseconds: number;

beforeAll(async () => {
  const folder = await temporaryFolder();
  const start = performance.now();
  const { code, output } = await run(folder);
  milliseconds = performance.now() - start;
  if (code !== 0) throw new Error(output);
  operations = Number(/operations (\d+)/.exec(output)?.[1]);
  expected = await hashTree(folder);
});

/** Every fifth operation in the ordinary test run; all of them with KILL_STEP=1. */
const step = Number(process.env['KILL_STEP'] ?? 5);

describe('a run that is killed', () => {
  test('at any of its file-system operations ends with the same bytes when run again', async () => {
    expect(operations).toBeGreaterThan(50);
    for (let killAt = 1; killAt <= operations; killAt += step) {
      const folder = join(await temporaryFolder(), 'run');
      expect(await run(folder, { killAt })).toMatchObject({ signal: 'SIGKILL' });
      expect(await run(folder)).toMatchObject({ code: 0 });
      expect(await hashTree(folder)).toEqual(expected);
      const names = (await readdir(folder)).filter((name) => /tmp|lock/.test(name));
      expect(names).toEqual([]);
    }
  }, 600_000);

  test('again and again at random moments ends with the same bytes', async () => {
    const random = createRandom(20_260_101);
    const folder = join(await temporaryFolder(), 'run');
    let kills = 0;
    for (let start = 0; start < 15; start++) {
      const { signal } = await run(folder, { killAfter: random.next() * milliseconds * 0.5 });
      if (signal === 'SIGKILL') kills++;
    }
    expect(kills).toBeGreaterThan(0);
    expect(await run(folder)).toMatchObject({ code: 0 });
    expect(await hashTree(folder)).toEqual(expected);
    const { events, unreadable } = await readRunEvents(folder);
    expect(unreadable).toBe(0);
    expect(events.at(-1)?.event.type).toBe('run-finished');
  }, 300_000);
});
