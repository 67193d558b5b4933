import { execFile } from 'node:child_process';
import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, jest, test } from '@jest/globals';
import { createProgram } from 'feedprint';
import { codeBlocks } from './support/code-blocks.ts';
import { documents } from './support/documents.ts';

// Whole programs, on a machine that may have other things to do.
jest.setTimeout(300_000);

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = createProgram({
  out: () => undefined,
  err: () => undefined,
  isTerminal: false,
  columns: 80,
  env: {},
  now: () => new Date(),
  signal: new AbortController().signal,
});

const starts = /^(?:\$ )?(?:npx )?feedprint (.+)$/;
const blocks = documents
  .flatMap(codeBlocks)
  .filter(({ language }) => ['', 'sh', 'console'].includes(language))
  .map((block) => ({
    ...block,
    commands: block.code
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .flatMap((line) => starts.exec(line)?.[1]?.replace(/\s+#.*$/, '') ?? []),
  }))
  .filter(({ commands }) => commands.length > 0);

/** The words of a command line, without the quotes around some. */
const wordsOf = (command: string): string[] =>
  (command.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll(/^['"]|['"]$/g, ''));

test.each(blocks.flatMap(({ place, commands }) => commands.map((command) => ({ place, command }))))(
  '$place: feedprint $command has only flags that there are',
  ({ command }) => {
    const words = wordsOf(command);
    let found = program;
    for (const word of words) {
      found = found.commands.find((each) => each.name() === word) ?? found;
    }
    expect(found).not.toBe(program);
    const flags = new Set(found.options.flatMap(({ long, short }) => [long, short]));
    expect(words.filter((word) => word.startsWith('--') && !flags.has(word))).toEqual([]);
  },
);

test.each(blocks.filter(({ notRun }) => notRun === undefined))('$place runs', async (block) => {
  const workplace = mkdtempSync(join(tmpdir(), 'feedprint-commands-'));
  symlinkSync(join(root, 'packages'), join(workplace, 'packages'));
  for (const command of block.commands) {
    const args = [join(root, 'apps/cli/bin.js'), ...wordsOf(command)];
    await promisify(execFile)(process.execPath, args, { cwd: workplace });
  }
});
