import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { publint } from 'publint';
import { published, root } from './published.ts';

test.each(published)('$folder says whose it is and what it needs', ({ folder, manifest }) => {
  expect(manifest).toMatchObject({
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    repository: { directory: folder },
  });
  expect(manifest.repository?.url).toBe(published[0]?.manifest.repository?.url);
  expect(readFileSync(`${root}${folder}/LICENSE`, 'utf8')).toBe(
    readFileSync(`${root}LICENSE`, 'utf8'),
  );
});

test.each(published)('$folder needs its siblings in the version beside it', ({ manifest }) => {
  const versions = new Map(published.map((each) => [each.manifest.name, each.manifest.version]));
  for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
    if (versions.has(name)) expect([name, range]).toEqual([name, versions.get(name)]);
  }
});

test.each(published)('$folder has no problem that publint knows', async ({ folder }) => {
  const { messages } = await publint({ pkgDir: root + folder, strict: true, pack: false });
  expect(messages.filter(({ type }) => type !== 'suggestion')).toEqual([]);
});

test('only what uses a heavy runtime asks for it', () => {
  const heavy = ['onnxruntime-node', '@duckdb/node-api', 'openai'];
  const asked = published.map(({ manifest: { name, dependencies, peerDependencies } }) => {
    const names = Object.keys({ ...dependencies, ...peerDependencies });
    return [name, names.filter((each) => heavy.includes(each))] as const;
  });
  expect(Object.fromEntries(asked.filter(([, names]) => names.length > 0))).toEqual({
    '@feedprint/activations': ['onnxruntime-node'],
    '@feedprint/feedback': ['@duckdb/node-api'],
    '@feedprint/finetune': ['onnxruntime-node'],
    '@feedprint/graph': ['onnxruntime-node'],
    '@feedprint/labeling': ['openai'],
    '@feedprint/pipeline': ['@duckdb/node-api'],
    '@feedprint/sae': ['onnxruntime-node'],
    feedprint: ['@duckdb/node-api', 'onnxruntime-node'],
  });
});

test('a peer that is asked for is optional, so that a library installs nothing heavy', () => {
  for (const { manifest } of published) {
    const required = Object.keys(manifest.peerDependencies ?? {}).filter(
      (name) => !manifest.peerDependenciesMeta?.[name]?.optional,
    );
    expect([manifest.name, required]).toEqual([manifest.name, []]);
  }
});

test('feedprint weighs less than 1 MB', () => {
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json'], {
    cwd: `${root}apps/cli`,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32',
  });
  const [{ size }] = JSON.parse(packed) as [{ readonly size: number }];
  expect(size).toBeLessThan(1_000_000);
});
