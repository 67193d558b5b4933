import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createShardedStoreFormat, loadModel } from '@feedprint/activations';
import type { Matrix } from '@feedprint/core';
import { readTexts } from '@feedprint/feedback';
import { readRunEvents } from '@feedprint/pipeline';
import type { Flags } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import type { Captured } from './support/run-cli.ts';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { commandLine } from './support/sae-args.ts';
import { hashesIn, temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';

const sites = ['blocks.0.hook_mlp_out', 'blocks.1.hook_resid_post'];
const root = temporaryFolder();
const program = fileURLToPath(new URL('../bin.js', import.meta.url));
let pair: TinyPair;
/** Texts of 1 to 20 words, one without any token, enough of them to be caught in the middle. */
const texts = join(root, 'uneven.jsonl');

const argsFor = (out: string, changes: Flags = {}): string[] =>
  commandLine('capture', {
    model: pair.base,
    texts,
    site: sites.join(','),
    out,
    threads: 1,
    ...changes,
  });
const capture = (out: string, changes?: Flags): Promise<Captured> => runCli(argsFor(out, changes));

/** All but the records of the run. */
const isActivations = (path: string): boolean => !path.startsWith('run/');

beforeAll(async () => {
  pair = writeTinyPair(root);
  const { texts: whole } = await readTexts(pair.texts);
  const uneven = Array.from({ length: 3000 }, (_, i) => {
    const words = (whole[i % whole.length] as string).split(' ');
    return words.slice(0, 1 + ((7 * i) % words.length)).join(' ');
  });
  writeFileSync(texts, uneven.map((text) => `${JSON.stringify({ text })}\n`).join(''));
});

describe('feedprint capture', () => {
  test('keeps what the model computes, with the place of every row in the file', async () => {
    const out = join(root, 'small');
    const { code, out: printed } = await capture(out, { 'max-texts': 900, json: true });
    expect(code).toBe(0);
    const store = await createShardedStoreFormat().open(out);
    const summary = JSON.parse(printed);
    expect(summary).toMatchObject({ out, rows: store.rows, texts: 900, sites, dtype: 'float32' });
    const sizes = Object.keys(hashesIn(out, isActivations)).map(
      (name) => readFileSync(join(out, name)).length,
    );
    expect(summary.bytes).toBe(sizes.reduce((a, b) => a + b, 0));
    expect(summary.tokensPerSecond).toBeGreaterThan(0);
    expect(summary.paddingShare).toBeLessThan(summary.paddingShareArrival);
    const model = await loadModel(pair.base, { threads: 1 });
    const { texts: lines } = await readTexts(texts);
    for (const t of [0, 17, 899]) {
      const ids = model.tokenizer.encode(lines[t] as string);
      const { activations } = await model.run([ids], { capture: sites });
      const first = store.provenance.text.indexOf(t);
      expect([...store.provenance.token.subarray(first, first + ids.length)]).toEqual([...ids]);
      for (const site of sites) {
        const read = await store.read(site, first, first + ids.length);
        const expected = activations.get(site) as Matrix;
        read.data.forEach((value, i) => expect(value).toBeCloseTo(expected.data[i] as number, 4));
      }
    }
    await model.dispose();
  });

  test('leaves the records of a run, which lists show and which can be continued', async () => {
    const out = join(root, 'recorded');
    await capture(out, { 'max-texts': 20 });
    const { events } = await readRunEvents(join(out, 'run'));
    const all = events.map(({ event }) => event);
    expect(all[0]).toMatchObject({
      ...{ type: 'run-started', name: 'recorded', stages: ['capture'] },
      worksOn: { model: 'base', texts: 'uneven.jsonl' },
    });
    expect(all.some((event) => event.type === 'stage-progress' && event.unit === 'tokens')).toBe(
      true,
    );
    expect(all.at(-2)).toMatchObject({
      text: expect.stringMatching(/^\d+ rows at 2 sites, of 20 texts$/),
    });
    expect(all.at(-1)?.type).toBe('run-finished');
    const run: unknown = JSON.parse(readFileSync(join(out, 'run', 'run.json'), 'utf8'));
    expect(run).toMatchObject({
      format: 'feedprint-capture-run/1',
      settings: { sites: sites.join(', '), dtype: 'float32', maxTexts: '20', threads: '1' },
    });
  });

  test('knows sites by patterns, cuts texts, and keeps halves in about half the bytes', async () => {
    const changes: Flags = {
      'max-texts': 200,
      site: 'blocks.*.hook_mlp_out',
      'max-length': 4,
      json: true,
    };
    const full = JSON.parse((await capture(join(root, 'full'), changes)).out);
    const half = JSON.parse(
      (await capture(join(root, 'half'), { ...changes, dtype: 'float16' })).out,
    );
    expect(full.sites).toEqual(['blocks.0.hook_mlp_out', 'blocks.1.hook_mlp_out']);
    // Of a row, three numbers say where it comes from, and 32 are activations.
    const saved = full.rows * 2 * 16 * 2;
    expect(full.bytes - half.bytes).toBeGreaterThan(saved - 200);
    expect(full.bytes - half.bytes).toBeLessThan(saved + 200);
    const store = await createShardedStoreFormat().open(join(root, 'half'));
    expect(Math.max(...store.provenance.position)).toBe(3);
  });

  test('shows a bar with the rate and the time left on a terminal, one line elsewhere', async () => {
    const shown = await runCli(argsFor(join(root, 'bar'), { 'max-texts': 900 }), {
      isTerminal: true,
    });
    expect(shown.err).toMatch(/\[ 1\/1\] capture █+░* +\d+ % {2}\d+(\.\d)? tokens\/s/);
    expect(shown.err).toMatch(/capture \d+\.\d s\n$/);
    expect(shown.out).toMatch(
      /rows +\d+, at 2 sites\non disk +\d.*float32\npadding +\d.* arrival \d.*\nrows per second +\d+\n\nActivations: /,
    );
    const { err } = await capture(join(root, 'line'), { 'max-texts': 20 });
    expect(err).toMatch(
      /^read 20 texts, \d+ tokens, \d+ truncated; layout jsonl, column text\n\[ 1\/1\] capture \d+\.\d s\n$/,
    );
  });

  test('does nothing for a capture that is complete, and refuses another into its folder', async () => {
    const out = join(root, 'done');
    await capture(out, { 'max-texts': 30 });
    const activations = hashesIn(out, isActivations);
    const again = await capture(out, { 'max-texts': 30 });
    expect([again.code, again.err]).toEqual([
      0,
      expect.stringMatching(/^read 30 texts, .*\n\[ 1\/1\] capture already done\n$/),
    ]);
    expect(again.out).toMatch(/rows per second +-\n/);
    expect(hashesIn(out, isActivations)).toEqual(activations);
    const before = hashesIn(out);
    const others: [Flags, RegExp][] = [
      [{ 'max-texts': 31 }, /maxTexts 30, now 31/],
      [{ 'max-texts': 30, 'max-length': 3 }, /maxLength all, now 3/],
      [{ 'max-texts': 30, dtype: 'float16' }, /dtype float32, now float16/],
      [
        { 'max-texts': 30, site: sites[0] },
        /sites blocks.0.hook_mlp_out,.*, now blocks.0.hook_mlp_out\)/,
      ],
      [{ 'max-texts': 30, model: pair.tuned }, /model [0-9a-f]{12}, now [0-9a-f]{12}/],
    ];
    for (const [flags, says] of others) {
      const { code, err } = await capture(out, flags);
      expect([code, err]).toEqual([1, expect.stringMatching(says)]);
      expect(err).toMatch(
        /^read .*\nerror: .*contains the activations of another capture.*; repeat that capture /,
      );
    }
    expect(hashesIn(out)).toEqual(before);
  });

  test.each<[string, () => Flags, 1 | 2, RegExp]>([
    ['a site that the model has not', () => ({ site: 'blocks.9.hook_mlp_out' }), 2, /no site/],
    ['a pattern of no site', () => ({ site: 'layers.*' }), 2, /matches layers/],
    ['numbers that are not kept', () => ({ dtype: 'int8' }), 2, /must be one of float32, float16/],
    ['texts of no length', () => ({ 'max-length': 0 }), 2, /at least 1/],
    ['no model', () => ({ model: join(root, 'nowhere') }), 1, /nowhere/],
    ['no texts', () => ({ texts: join(root, 'nowhere.txt') }), 1, /nowhere.txt cannot be read/],
  ])('refuses %s and writes nothing', async (_, flags, expected, says) => {
    const out = join(root, 'refused');
    const { code, err } = await capture(out, flags());
    expect([code, err]).toEqual([expected, expect.stringMatching(says)]);
    expect(err).toMatch(/^error: /);
    expect(existsSync(out)).toBe(false);
  });

  test('leaves a folder of something else as it is', async () => {
    const out = temporaryFolder();
    writeFileSync(join(out, 'notes.txt'), 'mine');
    const { code, err } = await capture(out, { 'max-texts': 5 });
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/contains no activations \(notes\.txt\)/),
    ]);
    expect(readdirSync(out)).toEqual(['notes.txt']);
  });

  test(
    'killed in the middle, twice, and interrupted ends with the same bytes',
    async () => {
      // Enough rows for several shards.
      const many = join(root, 'many.jsonl');
      writeFileSync(many, readFileSync(texts, 'utf8').repeat(3));
      const whole = join(root, 'whole');
      const out = join(root, 'killed');
      expect((await runProgram(argsFor(whole, { texts: many }))).code).toBe(0);
      const shards = (): number =>
        existsSync(out) ? readdirSync(out).filter((name) => name.startsWith('shard-')).length : 0;
      const args = argsFor(out, { texts: many });
      expect(await endWhen(args, () => shards() >= 1, 'SIGKILL')).toBeNull();
      expect(existsSync(join(out, 'store.json'))).toBe(false);
      expect(await endWhen(args, () => shards() >= 3, 'SIGKILL')).toBeNull();
      expect(await endWhen(args, () => shards() >= 4, 'SIGINT')).toBe(130);
      expect((await runProgram(args)).code).toBe(0);
      expect(hashesIn(out, isActivations)).toEqual(hashesIn(whole, isActivations));
      const { events } = await readRunEvents(join(out, 'run'));
      const ends = events.filter(({ event }) => /^run-f/.test(event.type));
      expect(ends.map(({ event }) => event)).toMatchObject([
        { type: 'run-failed', code: 'cancelled' },
        { type: 'run-finished' },
      ]);
    },
    PATIENCE,
  );
});

/** Runs the program and ends it with a signal as soon as `when` holds; gives its exit code, null after a death. */
function endWhen(
  args: readonly string[],
  when: () => boolean,
  signal: NodeJS.Signals,
): Promise<number | null> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: 'ignore' });
    const watch = setInterval(() => {
      if (!when()) return;
      clearInterval(watch);
      child.kill(signal);
    }, 1);
    child.on('error', fail);
    child.on('close', (code) => {
      clearInterval(watch);
      done(code);
    });
  });
}
