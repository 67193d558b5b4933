import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { root } from './published.ts';

test('whatever Feedprint installs has a licence that allows it', () => {
  const counts = execFileSync(process.execPath, [`${root}tools/licences.mjs`], {
    encoding: 'utf8',
  });
  expect(counts).toMatch(/^MIT +\d+$/m);
});
