import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { auditArgs } from './flags.ts';
import type { Flags } from './flags.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeTinyPair } from './tiny-pair.ts';
import type { TinyPair } from './tiny-pair.ts';

/** A command line with something wrong about it. */
export interface Refusal {
  readonly name: string;
  /** Flags that differ from those of a sound audit. */
  readonly flags: () => Flags;
  readonly code: 1 | 2;
  /** What the message must say: the problem and the remedy. */
  readonly says: RegExp;
}

const root = temporaryFolder();
let count = 0;

/** A path at which nothing is yet. */
export const freshPath = (): string => join(root, `fresh-${count++}`);

/** A sound pair, made once per test file. */
export const pair: TinyPair = writeTinyPair(root);

/** Expects of each command line one clear line, the exit code, and that nothing is written. */
export function testRefusals(refusals: readonly Refusal[]): void {
  test.each(refusals)('$name, says so and writes nothing', async ({ flags, code, says }) => {
    const given = { out: freshPath(), ...flags() };
    const captured = await runCli(auditArgs(pair, given.out, given));
    expect(captured.code).toBe(code);
    expect(captured.out).toBe('');
    expect(captured.err).toMatch(says);
    expect(captured.err).toMatch(/^error: /);
    expect(captured.err).not.toMatch(/\n\s+at |This is a bug/);
    // Wrong use adds a hint on a second line.
    expect(captured.err.trimEnd().split('\n').length).toBeLessThanOrEqual(code === 2 ? 2 : 1);
    expect(existsSync(given.out)).toBe(false);
  });
}
