import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from '@jest/globals';
import { makeOwnFolder, removeLeftFolders } from '../src/files.ts';
import { temporaryFolder } from './support/bytes.ts';

const root = temporaryFolder();

test('folders of dead processes on this machine are removed, and nothing else', () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const mine = basename(makeOwnFolder(root, 'made-'));
  const of = (pid: number): string => mine.replace(`-${process.pid}-`, `-${pid}-`);
  const kept = [
    mine,
    of(process.ppid),
    `other-${of(dead)}`,
    'made-',
    `made-elsewhere-${dead}-abcdef`,
    of(dead).slice(0, -1),
  ];
  for (const name of [...kept.slice(1), of(dead)]) mkdirSync(`${root}/${name}`);
  removeLeftFolders(root, 'made-');
  expect(readdirSync(root).sort()).toEqual([...kept].sort());
  removeLeftFolders(`${root}/nowhere`, 'made-');
});
