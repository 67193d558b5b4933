import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { commandLine } from '../src/command-line.ts';

/** The command line of a program that was given these arguments. */
async function of(args: readonly string[]): Promise<string> {
  const program = new Command()
    .argument('[all...]')
    .allowUnknownOption()
    .action(() => undefined);
  await program.parseAsync(args, { from: 'user' });
  return commandLine(program);
}

describe('the command that a report names', () => {
  test('gives a shell the same words', async () => {
    const words = [
      'audit',
      '--out',
      'runs/my run',
      "it's",
      '$HOME `x` "y"',
      '',
      '*',
      'a\nb',
      '~',
      'é',
      '#',
      '!',
    ];
    const line = await of(words);
    expect(line.startsWith("feedprint audit --out 'runs/my run' ")).toBe(true);
    const script = `feedprint() { printf '%s\\0' "$@"; }; ${line}`;
    const { stdout } = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
    expect(stdout.split('\0').slice(0, -1)).toEqual(words);
  });

  test('leaves out what addresses carry of logins and queries', async () => {
    expect(
      await of([
        '--labeler-url',
        'https://me:secret@host:8080/v1?key=abc#x',
        '--a=http://t@h/',
        'http://h/v1',
      ]),
    ).toBe(
      "feedprint --labeler-url 'https://***@host:8080/v1?***#x' '--a=http://***@h/' http://h/v1",
    );
  });
});
