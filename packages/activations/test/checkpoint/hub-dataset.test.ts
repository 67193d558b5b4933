import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { resolveDataset } from '../../src/checkpoint/hub-dataset.ts';
import type { HubOptions } from '../../src/checkpoint/hub-options.ts';
import { hubServer } from '../support/hub-server.ts';
import { temporaryFolder } from '../support/tiny-checkpoint.ts';

const commit = 'b'.repeat(39) + '2';
const described = { 'README.md': 'words', 'dataset_infos.json': '{}' };
const hub = hubServer({
  'org/pairs': {
    commit,
    large: ['data/train-0.parquet'],
    files: {
      ...described,
      'data/train-0.parquet': 'first',
      'data/train-1.parquet': 'second',
      'sample.jsonl': 'something else',
    },
  },
  'org/flat': { commit, files: { ...described, 'train.jsonl.gz': 'rows' } },
  'org/nested': { commit, files: { ...described, 'one/train.jsonl': '', 'two/train.jsonl': '' } },
  'org/gated': { commit, gated: true, files: { 'train.jsonl': '' } },
});

let cacheDir = '';
beforeEach(() => {
  cacheDir = temporaryFolder();
  hub.sabotage = undefined;
  hub.requests();
});
const resolved = (name: string, options: HubOptions = {}): Promise<string> =>
  resolveDataset(name, { cacheDir, hubUrl: hub.url, environment: {}, ...options });
const snapshot = (name: string): string =>
  join(cacheDir, `datasets--org--${name}`, 'snapshots', commit);

test('a data set of the hub is the folder of its rows, where all tools keep it', async () => {
  const folder = await resolved('org/pairs');
  expect(folder).toBe(join(snapshot('pairs'), 'data'));
  expect(readdirSync(folder).sort()).toEqual(['train-0.parquet', 'train-1.parquet']);
  expect(readFileSync(join(folder, 'train-0.parquet'), 'utf8')).toBe('first');
  expect(await resolved('org/flat')).toBe(snapshot('flat'));
  expect(readdirSync(snapshot('flat')).sort()).toEqual(['.feedprint-files.json', 'train.jsonl.gz']);
});

test('what is in the cache is read without the hub: offline, and by its commit', async () => {
  const folder = await resolved('org/pairs');
  hub.requests();
  expect(await resolved('org/pairs', { offline: true })).toBe(folder);
  expect(await resolved(`org/pairs@${commit}`)).toBe(folder);
  expect(hub.requests()).toEqual([]);
});

test('a download that was interrupted is not taken for whole, and goes on', async () => {
  hub.sabotage = (path, response) => {
    if (path !== 'data/train-1.parquet') return false;
    response.destroy();
    return true;
  };
  await expect(resolved('org/pairs')).rejects.toMatchObject({ code: 'service-failed' });
  expect(existsSync(join(snapshot('pairs'), 'data', 'train-0.parquet'))).toBe(true);
  await expect(resolved('org/pairs', { offline: true })).rejects.toMatchObject({
    code: 'texts-invalid',
    message: expect.stringContaining('not complete in the cache'),
    remedy: expect.stringContaining('without --offline'),
  });
  hub.sabotage = undefined;
  const seen: string[] = [];
  await resolved('org/pairs', { onFile: ({ path }) => seen.push(path) });
  expect(seen).toEqual(['data/train-1.parquet']);
  // A file that was taken away since is fetched again.
  rmSync(join(snapshot('pairs'), 'data', 'train-0.parquet'));
  await expect(resolved('org/pairs', { offline: true })).rejects.toThrow('not complete');
});

test('a path that exists, and what is no name on the hub, stay what they are', async () => {
  const working = process.cwd();
  process.chdir(cacheDir);
  try {
    mkdirSync(join('org', 'pairs'), { recursive: true });
    for (const path of ['org/pairs', '-', 'pairs.jsonl', 'org/pairs.jsonl.gz', '/org/pairs']) {
      expect(await resolved(path)).toBe(path);
    }
  } finally {
    process.chdir(working);
  }
  expect(hub.requests()).toEqual([]);
});

test.each<[string, string, string, RegExp]>([
  ['does not have', 'org/none', 'texts-invalid', /no data set org\/none, and there is no file/],
  ['has no such revision of', 'org/pairs@v9', 'texts-invalid', /no data set org\/pairs at v9/],
  ['has only in folders', 'org/nested', 'texts-invalid', /only in one, two/],
  ['refuses', 'org/gated', 'service-failed', /gated, private/],
])('a data set that the hub %s is an error', async (_, name, code, message) => {
  await expect(resolved(name)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
});
