import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { allChapters, chapterNames } from '../fixtures/all-chapters.ts';

test('every folder exports its chapter under the name of the folder', () => {
  expect(allChapters.map(({ name }) => name)).toEqual(chapterNames);
});

test('no chapter imports another, nor the list of all', () => {
  const folder = new URL('../../src/chapters/', import.meta.url);
  const foreign = chapterNames.flatMap((name) =>
    readdirSync(new URL(`${name}/`, folder)).flatMap((file) => {
      const source = readFileSync(new URL(`${name}/${file}`, folder), 'utf8');
      const paths = [...source.matchAll(/from '([^']+)'/g)].map(([, path = '']) => path);
      return paths.filter(
        (path) =>
          /^\.\.\/[^.]/.test(path) || /(?:audit-report|compose-report|index)\.ts$/.test(path),
      );
    }),
  );
  expect(foreign).toEqual([]);
});
