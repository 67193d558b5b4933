import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readNamedPairs } from '../src/read-named-pairs.ts';
import { temporaryFolder } from './temporary-folder.ts';

const commit = 'c'.repeat(40);
const row = { prompt: 'Say', chosen: ' yes', rejected: ' no' };

test('pairs of a data set in the cache go by its name, and those of a path by the path', async () => {
  const cacheDir = await temporaryFolder();
  const root = join(cacheDir, 'datasets--org--pairs');
  const snapshot = join(root, 'snapshots', commit);
  await mkdir(join(snapshot, 'data'), { recursive: true });
  await mkdir(join(root, 'refs'));
  await writeFile(join(root, 'refs', 'main'), commit);
  await writeFile(join(snapshot, 'data', 'train.jsonl'), JSON.stringify(row));
  await writeFile(join(snapshot, '.feedprint-files.json'), '["data/train.jsonl"]');
  const hub = { cacheDir, offline: true, environment: {} };
  const named = await readNamedPairs('org/pairs', { hub });
  expect(named).toMatchObject({ file: 'org/pairs', pairs: [row] });
  const path = join(snapshot, 'data', 'train.jsonl');
  expect(await readNamedPairs(path, { hub })).toMatchObject({ file: 'train.jsonl', pairs: [row] });
  await expect(readNamedPairs('org/other', { hub })).rejects.toMatchObject({
    code: 'texts-invalid',
    message: expect.stringContaining('there is no file org/other'),
  });
});
