import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { expect, jest, test } from '@jest/globals';
import {
  labelerConformance,
  propertyConformance,
  sparseAutoencoderConformance,
} from '@feedprint/core/testing';
import { createMostActiveWord } from '../src/parts/most-active-word.ts';
import { createSignedAxes } from '../src/parts/signed-axes.ts';
import { speaksOfItself } from '../src/parts/speaks-of-itself.ts';

// Whole programs, on a machine that may have other things to do.
jest.setTimeout(300_000);

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'feedprint-examples-'));
const started = new Map<string, Promise<string>>();

/** What a program prints; each is run once. */
function run(name: string, ...args: string[]): Promise<string> {
  const known = started.get(name);
  if (known) return known;
  const output = promisify(execFile)(process.execPath, [at(`../dist/${name}.js`), ...args], {
    cwd: folder,
  }).then(({ stdout }) => stdout);
  started.set(name, output);
  return output;
}

const sae = join(folder, 'sae');

test.each(
  ['', 'parts/'].flatMap((part) =>
    readdirSync(at(`../src/${part}`)).flatMap((file) => (file.endsWith('.ts') ? part + file : [])),
  ),
)('%s has at most 40 lines', (file) => {
  const lines = readFileSync(at(`../src/${file}`), 'utf8').split('\n').length - 1;
  expect(lines).toBeLessThanOrEqual(40);
});

test('train-an-sae explains most of the variance', async () => {
  const [, unexplained] =
    /variance unexplained (0\.\d+)/.exec(await run('train-an-sae', sae)) ?? [];
  expect(Number(unexplained)).toBeLessThan(0.5);
});

test('probe-saelens-sae ranks the features of a SAELens folder', async () => {
  await run('train-an-sae', sae);
  const lines = (await run('probe-saelens-sae', sae)).trim().split('\n');
  const weights = lines.map((line) => Math.abs(Number(/: (-?[\d.]+) per/.exec(line)?.[1])));
  expect(weights).toHaveLength(5);
  expect(weights[0]).toBeGreaterThan(0);
  expect(weights).toEqual(weights.toSorted((a, b) => b - a));
});

test('contradicted-words names the words that were planted the wrong way round', async () => {
  const truth = at('../../packages/demo-models/tuned-planted/feedback.json');
  const { flipped } = JSON.parse(readFileSync(truth, 'utf8')) as {
    readonly flipped: readonly { readonly word: string }[];
  };
  expect(flipped).toHaveLength(12);
  const output = await run('contradicted-words');
  for (const { word } of flipped) expect(output).toContain(`${word} `);
});

test('probe-sae-features tells positive texts from others by mean features', async () => {
  const [, auroc] = /AUROC (0\.\d+) on 800 texts/.exec(await run('probe-sae-features')) ?? [];
  expect(Number(auroc)).toBeGreaterThan(0.75);
});

test('compare-dictionaries finds the tuned model closer than another seed', async () => {
  const cosines = [...(await run('compare-dictionaries')).matchAll(/cosine (0\.\d+)/g)];
  const [seed, tuned] = cosines.map(([, cosine]) => Number(cosine));
  expect(tuned).toBeGreaterThan(2 * (seed as number));
});

test('onnx-model reads an export and trains on a site that it found', async () => {
  const exported = at('../../packages/activations/test/onnx/fixtures/neox/');
  mkdirSync(join(folder, 'onnx'));
  for (const file of readdirSync(exported)) {
    const bytes = readFileSync(exported + file);
    const content = file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
    writeFileSync(join(folder, 'onnx', file.replace(/\.gz$/, '')), content);
  }
  writeFileSync(join(folder, 'onnx/tokenizer.json'), readFileSync(`${exported}../tokenizer.json`));
  const output = await run('onnx-model', join(folder, 'onnx/model.onnx'));
  const [, found, explained] =
    /: (\d+) sites found[^]*: (\d+) % of the variance/.exec(output) ?? [];
  expect(Number(found)).toBeGreaterThan(6);
  expect(Number(explained)).toBeGreaterThan(30);
});

test('own-property gives a difference with its interval', async () => {
  const output = await run('own-property');
  const [difference, low, high] = [...output.matchAll(/-?\d\.\d\d/g)].map(Number);
  expect(low).toBeLessThan(difference as number);
  expect(high).toBeGreaterThan(difference as number);
  expect(output).toContain('over 300 pairs');
});

const replies = ['I think so.', 'They think so.'].map((reply) => ({ prompt: '', reply }));
test.each(propertyConformance(() => speaksOfItself, replies))('own property: $name', (check) =>
  check.run(),
);

test('own-labeler explains neurons, better than chance on the whole', async () => {
  const scores = [...(await run('own-labeler')).matchAll(/ (\d\.\d\d)$/gm)].map(([, n]) =>
    Number(n),
  );
  expect(scores.length).toBeGreaterThan(8);
  expect(scores.reduce((a, b) => a + b) / scores.length).toBeGreaterThan(0.6);
});

test.each(labelerConformance(createMostActiveWord))('own labeler: $name', (check) => check.run());

test('own-sae compares its dictionary with a trained one', async () => {
  const output = await run('own-sae');
  expect(output).toMatch(
    /^axes: 100 % explained by 128 of 256 features\ntopk: \d+ % explained by 8/,
  );
});

test.each(sparseAutoencoderConformance(async () => createSignedAxes('blocks.0.hook_mlp_out', 6)))(
  'own SAE: $name',
  (check) => check.run(),
);

test('own-finding publishes a page with its chapter, and measures nothing twice', async () => {
  const output = await run('own-finding', join(folder, 'entropy'));
  const [, before, after] =
    /^The next word has (\d\.\d+) and then (\d\.\d+) nats of entropy/.exec(output) ?? [];
  // Tuning on rewards makes a model surer, and here not by much.
  expect(Number(after)).toBeGreaterThan(3.5);
  expect(Number(before)).toBeGreaterThan(Number(after));
  expect(readFileSync(join(folder, 'entropy/report.html'), 'utf8')).toContain(
    'How sure is each model?',
  );
});

test('watch-events tells each stage and the end', async () => {
  const output = await run('watch-events', join(folder, 'watched'));
  expect(output).toMatch(/^capture begins$/m);
  expect(output).toMatch(/^done$/m);
  expect(existsSync(output.trim().split('\n').at(-1) as string)).toBe(true);
});

test('own-reward audits pairs against a function', async () => {
  const output = await run('own-reward', join(folder, 'reward'));
  expect(output).toMatch(/^\w.*\.$/m);
  const report: unknown = JSON.parse(readFileSync(join(folder, 'reward/report.json'), 'utf8'));
  expect(report).toMatchObject({ rewarded: 'brevity' });
});
