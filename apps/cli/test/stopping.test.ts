import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeOwnFolder } from '@feedprint/core/files';
import { readRunEvents } from '@feedprint/pipeline';
import { auditArgs } from './support/flags.ts';
import type { Flags } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { SITE, commandLine, trainArgs } from './support/sae-args.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';

const root = temporaryFolder();
const demo = (name: string): string =>
  new URL(`../../../packages/demo-models/${name}`, import.meta.url).pathname;
let pair: TinyPair;

beforeAll(() => {
  pair = writeTinyPair(root);
});

const argsFor = (out: string, changes: Flags = {}): string[] =>
  auditArgs(pair, out, { 'max-texts': 24, ...changes });

describe('an audit', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'that %s ends exits with %i, stopped and not failed',
    async (signal, expected) => {
      const out = join(root, signal);
      const stop = { signal, after: 1, milliseconds: 0 };
      const { code, err } = await runProgram(argsFor(out), { stop });
      expect(code).toBe(expected);
      expect(err).toMatch(/\nstopped in stage .*; run the same command again to continue\n$/);
      expect(err).not.toMatch(/error|failed/);
      const { events } = await readRunEvents(out);
      expect(events.at(-1)?.event).toMatchObject({ type: 'run-failed', code: 'cancelled' });
    },
    PATIENCE,
  );

  test(
    'with other settings into the same folder is refused by naming --overwrite, which takes it over',
    async () => {
      const out = join(root, 'taken');
      const stopped = { signal: AbortSignal.abort() };
      const seedOf = (): unknown =>
        (JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as { settings: { seed: unknown } })
          .settings.seed;
      expect((await runCli(argsFor(out), stopped)).code).toBe(130);
      const results = ['report.html', 'report.json', 'tables'];
      const left = (): string[] =>
        readdirSync(out)
          .filter((name) => results.includes(name))
          .sort();
      mkdirSync(join(out, 'tables'));
      for (const name of ['report.html', 'report.json', 'tables/pairs.parquet']) {
        writeFileSync(join(out, name), 'of other settings');
      }
      const refused = await runCli(argsFor(out, { seed: 3 }), stopped);
      expect(refused.code).toBe(1);
      expect(refused.err).toMatch(
        /settings\.seed 0, now 3.*or replace its results \(--overwrite\)\n$/,
      );
      expect([seedOf(), left()]).toEqual([0, results]);
      const taken = await runCli(argsFor(out, { seed: 3, overwrite: true }), stopped);
      expect([taken.code, taken.err]).toEqual([130, expect.stringMatching(/stopped in stage/)]);
      expect([seedOf(), left()]).toEqual([3, []]);
    },
    PATIENCE,
  );
});

/** Starts a process that is asked to stop as the command line is, and gives what it says and its exit code. */
async function signalled(watches: boolean, signals: readonly NodeJS.Signals[]) {
  const io = new URL('../dist/io.js', import.meta.url).href;
  const script = `
    import { processIo } from ${JSON.stringify(io)};
    const io = processIo();
    ${watches ? "io.signal.addEventListener('abort', () => io.out('asked'));" : ''}
    setInterval(() => undefined, 1000);
    io.out('ready');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  const left = [...signals];
  let [out, err] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    const signal = left.shift();
    if (signal) child.kill(signal);
  });
  const code = await new Promise((done) => child.on('close', done));
  return { code, out, err };
}

describe('a signal', () => {
  test('asks a command that watches for it, and ends it at once when it comes again', async () => {
    expect(await signalled(true, ['SIGINT', 'SIGINT'])).toEqual({
      code: 130,
      out: 'readyasked',
      err: 'stopped\n',
    });
    expect((await signalled(true, ['SIGINT', 'SIGTERM'])).code).toBe(143);
  });

  test('ends a command that does not watch for it at once', async () => {
    expect(await signalled(false, ['SIGINT'])).toEqual({
      code: 130,
      out: 'ready',
      err: 'stopped\n',
    });
    expect((await signalled(false, ['SIGTERM'])).code).toBe(143);
  });
});

/** The number of a process that has ended. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

describe('temporary folders', () => {
  test(
    'of a killed command are removed when any command starts, those of living ones kept',
    async () => {
      const temporary = join(root, 'tmp');
      mkdirSync(temporary);
      const mine = makeOwnFolder(temporary, 'feedprint-run-');
      const others = (): string[] =>
        readdirSync(temporary).filter(
          (name) => !mine.endsWith(name) && name.startsWith('feedprint-'),
        );
      const env = { TMPDIR: temporary };
      const args = ['bench', 'planted', '--model-pairs', demo('tuned-planted'), '--threads', '1'];
      const stop = { signal: 'SIGKILL', after: 1, milliseconds: 0 } as const;
      expect((await runProgram(args, { env, stop })).code).toBeNull();
      expect(others()).toHaveLength(1);
      expect((await runProgram(['--version'], { env })).code).toBe(0);
      expect(others()).toEqual([]);
      expect(existsSync(mine)).toBe(true);
    },
    PATIENCE,
  );

  test('of a killed import are removed by the next one to the same place', async () => {
    const [sae, out] = [join(root, 'sae'), join(root, 'imported')];
    expect((await runCli(trainArgs(pair, sae, { site: SITE }))).code).toBe(0);
    const mine = makeOwnFolder(root, '.tmp-imported-');
    const left = mine.replace(`-${process.pid}-`, `-${deadPid()}-`);
    mkdirSync(left);
    expect((await runCli(commandLine('sae import', { sae, out }))).code).toBe(0);
    expect([existsSync(left), existsSync(mine)]).toEqual([false, true]);
  });
});
