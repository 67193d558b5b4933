import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, jest, test } from '@jest/globals';
import ts from 'typescript';
import { codeBlocks } from './support/code-blocks.ts';
import { documents } from './support/documents.ts';

// Whole programs, on a machine that may have other things to do.
jest.setTimeout(300_000);

const root = fileURLToPath(new URL('../..', import.meta.url));
// Inside the repository, so that imports find its packages.
const folder = mkdtempSync(join(root, 'examples/dist/snippets-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');

const snippets = documents
  .flatMap(codeBlocks)
  .filter(({ language }) => language === 'ts')
  .map((block) => {
    const name = block.place.replaceAll(/[^\w]+/g, '-');
    return { ...block, file: join(folder, `${name}.ts`) };
  });
const checked = snippets.filter(({ fragment }) => fragment === undefined);
for (const { file, code } of checked) writeFileSync(file, `${code}\nexport {};\n`);

test('every package shows how it is used', () => {
  const shown = new Set(snippets.map(({ place }) => place.split('/README')[0]));
  const packages = documents.flatMap((name) => /^packages\/[\w-]+/.exec(name) ?? []);
  expect(packages.filter((name) => !shown.has(name))).toEqual([]);
});

test('the snippets fit the types of the packages', () => {
  const program = ts.createProgram(
    checked.map(({ file }) => file),
    {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      lib: ['lib.es2023.d.ts'],
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: true,
    },
  );
  const { diagnostics } = program.emit();
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics].map((problem) => {
    const { file, start = 0, messageText } = problem;
    const line = file && file.getLineAndCharacterOfPosition(start).line + 1;
    return `${basename(file?.fileName ?? '')}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
  expect(problems).toEqual([]);
});

const runnable = checked.filter(({ notRun }) => notRun === undefined);
test.each(runnable)('$place runs', async ({ file }) => {
  const workplace = mkdtempSync(join(tmpdir(), 'feedprint-snippet-'));
  mkdirSync(join(workplace, 'runs'));
  symlinkSync(join(root, 'packages'), join(workplace, 'packages'));
  symlinkSync(join(root, 'package.json'), join(workplace, 'package.json'));
  const script = file.replace(/ts$/, 'js');
  await promisify(execFile)(process.execPath, [script], { cwd: workplace });
});
