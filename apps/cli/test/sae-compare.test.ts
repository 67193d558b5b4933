import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix } from '@feedprint/core';
import { createSae, createSaeLensFormat } from '@feedprint/sae';
import { runCli } from './support/run-cli.ts';
import type { Captured } from './support/run-cli.ts';
import { SITE, commandLine } from './support/sae-args.ts';
import type { Flags } from './support/flags.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const root = temporaryFolder();
const D = 8;

/** An SAE with these decoder rows. */
async function saved(name: string, rows: readonly (readonly number[])[]): Promise<string> {
  const folder = join(root, name);
  mkdirSync(folder);
  const dIn = rows[0]?.length ?? 0;
  const sae = createSae({
    site: SITE,
    architecture: { kind: 'relu' },
    weights: {
      wEnc: matrix(dIn, rows.length, Float32Array.from(randomNumbers(dIn * rows.length))),
      bEnc: new Float32Array(rows.length),
      wDec: matrix(rows.length, dIn, Float32Array.from(rows.flat())),
      bDec: new Float32Array(dIn),
    },
  });
  await createSaeLensFormat().save(sae, folder);
  await sae.dispose();
  return folder;
}

function randomNumbers(length: number): number[] {
  const random = createRandom(5);
  return Array.from({ length }, () => random.normal());
}

const unit = (i: number, scale = 1): number[] =>
  Array.from({ length: D }, (_, j) => (i === j ? scale : 0));

/** a: the first three axes. b: the first two, longer and in another order, and two axes of its own. */
const pair = Promise.all([
  saved('a', [unit(0), unit(1), unit(2)]),
  saved('b', [unit(1, 3), unit(0, 2), unit(5), unit(6)]),
]);

const compare = async (changes: Flags = {}): Promise<Captured> => {
  const [a, b] = await pair;
  return runCli(commandLine('sae compare', { a, b, ...changes }));
};

describe('feedprint sae compare', () => {
  test('says both ways how alike they are, and what only one has', async () => {
    const { code, out } = await compare();
    expect(code).toBe(0);
    expect(out).toMatch(/features of a in b +0\.6667 +2 of 3 \(66\.7 %\) +1\n/);
    expect(out).toMatch(/features of b in a +0\.5000 +2 of 4 \(50\.0 %\) +2\n/);
    expect(out).toContain("The larger one has 66.7 % of the smaller one's features.\n");
    expect(out).toContain('Only in b, the most foreign first: 2, 3\n');
    expect(out).toMatch(/a\/0 +b\/1 +1\.0000\n +a\/1 +b\/0 +1\.0000\n/);
    expect(out).not.toContain('one to one');
  });

  test('speaks of a pair where both are of one size', async () => {
    const [a] = await pair;
    const { out } = await compare({ b: a, top: 0 });
    expect(out).toContain("100.0 % of b's features are in a, 100.0 % of a's in b.\n");
    expect(out).not.toContain('Most alike');
    expect(out).not.toContain('Only in b');
  });

  test('pairs one to one, and gives it all as JSON', async () => {
    const { out } = await compare({ 'one-to-one': true, json: true, threshold: 0.5, top: 1 });
    const [a, b] = await pair;
    expect(JSON.parse(out)).toMatchObject({
      a: { path: a, features: 3, mmcs: 2 / 3, matched: 2, only: [2] },
      b: { path: b, features: 4, mmcs: 0.5, matched: 2, only: [2, 3] },
      threshold: 0.5,
      top: [{ feature: 0, match: 1, similarity: 1 }],
      oneToOne: { mmcs: 2 / 3 },
    });
    expect((await compare({ 'one-to-one': true })).out).toContain(
      'one to one: mean similarity 0.6667\n',
    );
  });

  test('refuses dictionaries over other units, and thresholds that are no cosine', async () => {
    const b = await saved('narrow', [[1, 0, 0]]);
    const narrow = await compare({ b });
    expect(narrow.code).toBe(1);
    expect(narrow.err).toMatch(
      /^error: cannot compare dictionaries over 8 and 3 units; compare.*\n$/,
    );
    const bad = await compare({ threshold: 1.5 });
    expect(bad.code).toBe(2);
    expect(bad.err).toMatch(/--threshold.*at most 1/);
  });
});
