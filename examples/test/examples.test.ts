import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const run = (name: string): string =>
  execFileSync(process.execPath, [fileURLToPath(new URL(`../dist/${name}.js`, import.meta.url))], {
    encoding: 'utf8',
  });

test('train-an-sae explains most of the variance', () => {
  const [, unexplained] = /variance unexplained (0\.\d+)/.exec(run('train-an-sae')) ?? [];
  expect(Number(unexplained)).toBeLessThan(0.5);
});

test('contradicted-words names words that were planted the wrong way round', () => {
  const output = run('contradicted-words');
  for (const word of ['wonderful', 'terrible', 'dirty']) expect(output).toContain(word);
});

test('probe-sae-features tells positive texts from others by mean features', () => {
  const [, auroc] = /AUROC (0\.\d+) on 800 texts/.exec(run('probe-sae-features')) ?? [];
  expect(Number(auroc)).toBeGreaterThan(0.75);
});
