import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { FsTree, flushChanges } from 'nx/src/generators/tree.js';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { root } from './published.ts';

jest.setTimeout(300_000);

// Inside the repository, so that imports find what is installed.
const copy = mkdtempSync(join(root, 'tools/generators/copy-'));
afterAll(() => rmSync(copy, { recursive: true }));

const run = (program: string, args: readonly string[], cwd: string): string =>
  execFileSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });

interface Generator {
  readonly default: (tree: FsTree, options: { readonly name: string }) => Promise<unknown>;
}

/** In which package each generator writes, and the name of its test. */
const generators = [
  { generator: 'property', name: 'asks-on', folder: 'feedback' },
  { generator: 'labeler', name: 'most-active', folder: 'labeling' },
  { generator: 'architecture', name: 'new-llama', folder: 'activations' },
  { generator: 'finding', name: 'text-length', folder: 'report' },
  { generator: 'package', name: 'norms', folder: 'norms' },
] as const;

beforeAll(async () => {
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (entry.isFile()) cpSync(root + entry.name, join(copy, entry.name));
  }
  cpSync(`${root}docs/architecture.md`, join(copy, 'docs/architecture.md'));
  for (const name of ['activations', 'core', 'feedback', 'labeling', 'recipes', 'report']) {
    cpSync(`${root}packages/${name}`, join(copy, 'packages', name), {
      recursive: true,
      filter: (from) => !from.includes('node_modules') && !from.endsWith('/dist'),
    });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir');
  cpSync(`${root}tools/jest`, join(copy, 'tools/jest'), { recursive: true });
  // One as users call it; the others as Nx calls them, which takes a tenth of the time.
  const [first, ...others] = generators;
  const args = ['--no-install', 'nx', 'g', `@feedprint/tools:${first.generator}`, first.name];
  run('npx', args, copy);
  const tree = new FsTree(copy, false);
  for (const { generator, name } of others) {
    const { default: generate } = (await import(`../generators/${generator}.mjs`)) as Generator;
    await generate(tree, { name });
  }
  flushChanges(copy, tree.listChanges());
});

test.each(generators)('what the generator of a $generator writes passes its tests', (each) => {
  const args = [`${root}tools/jest/run.mjs`, each.generator === 'package' ? '' : each.name];
  run(process.execPath, args.filter(Boolean), join(copy, 'packages', each.folder));
});

test('it fits the types, and stands in the lists of what there is', () => {
  // The chapter that the finding presents is not yet in what is installed.
  const chapters = ['./packages/report/src/chapters/*/index.ts'];
  const compilerOptions = {
    composite: false,
    declaration: false,
    declarationMap: false,
    noEmit: true,
    paths: { '@feedprint/report/chapters/*': chapters },
  };
  const files = [
    'packages/norms/src/index.ts',
    'packages/feedback/src/properties/asks-on.ts',
    'packages/labeling/src/most-active-labeler.ts',
    'packages/activations/src/architectures/architectures.ts',
    'packages/recipes/src/audit/text-length/index.ts',
  ];
  const config = { extends: './tsconfig.base.json', compilerOptions, files };
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify(config));
  run('npx', ['--no-install', 'tsc'], copy);
  const findings = readFileSync(join(copy, 'packages/recipes/src/audit/findings.ts'), 'utf8');
  expect(findings).toMatch(/^ {2}textLength,$/m);
});

test('it is formatted and passes the linter', () => {
  const names = /asks-on|most-active|new-llama|text-length|norms/;
  const written = readdirSync(join(copy, 'packages'), { recursive: true, encoding: 'utf8' })
    .filter((file) => names.test(file) && /\.(ts|json)$/.test(file))
    .map((file) => join(copy, 'packages', file));
  expect(written.length).toBeGreaterThan(12);
  run('npx', ['--no-install', 'prettier', '--check', ...written], copy);
  const sources = written.filter((file) => file.endsWith('.ts'));
  run('npx', ['--no-install', 'eslint', '--no-warn-ignored', ...sources], copy);
});
