import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FeedprintError } from '@feedprint/core';

const bin = fileURLToPath(new URL('../../bin.js', import.meta.url));

/** Commands whose runs can be continued, and the folder that they use without `--out`. */
const commands: Readonly<Record<string, string | undefined>> = {
  audit: undefined,
  demo: 'runs/demo',
};

/**
 * Starts the command that a run states again, as a process of its own. It may have been written by anybody, so that only audits are
 * started, into that very folder, with no configuration file, which would be code. Throws `usage` for any other command.
 */
export async function continueRun({
  folder,
  command,
}: {
  readonly folder: string;
  readonly command: string;
}): Promise<void> {
  const args = argumentsOf(command, folder);
  const child = spawn(process.execPath, [bin, ...args], { detached: true, stdio: 'ignore' });
  await once(child, 'spawn');
  child.unref();
}

/** The arguments after `feedprint`, checked. */
export function argumentsOf(command: string, folder: string): string[] {
  const [program, name = '', ...rest] = wordsOf(command);
  const isKnown = program === 'feedprint' && Object.hasOwn(commands, name);
  const out = valueOf(rest, '--out') ?? commands[name];
  const isOurs = out !== undefined && resolve(out) === resolve(folder);
  const runsCode = rest.some((word) => word === '--config' || word.startsWith('--config='));
  if (isKnown && isOurs && !runsCode) return [name, ...rest];
  throw new FeedprintError({
    code: 'usage',
    message: 'this run cannot be continued from here',
    remedy: 'run its command again in a terminal, in the folder where it was started',
  });
}

function valueOf(words: readonly string[], flag: string): string | undefined {
  const joined = words.find((word) => word.startsWith(`${flag}=`));
  if (joined !== undefined) return joined.slice(flag.length + 1);
  const at = words.indexOf(flag);
  return at < 0 ? undefined : words[at + 1];
}

/** The words of a command line as `commandLine` writes them: plain, or between single quotes. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/(?:[^\s'\\]|'[^']*'|\\')+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|\\'/g, (whole, inside?: string) =>
      whole === "\\'" ? "'" : (inside ?? ''),
    ),
  );
