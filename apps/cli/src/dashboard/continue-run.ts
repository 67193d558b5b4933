import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FeedprintError } from '@feedprint/core';

const bin = fileURLToPath(new URL('../../bin.js', import.meta.url));

/** Where a command keeps its run. */
interface Continued {
  /** The folder that it uses without `--out`. */
  readonly out?: string;
  /** Below `--out`. */
  readonly run?: string;
}

/** Commands whose runs can be continued. */
const commands: Readonly<Record<string, Continued>> = {
  audit: {},
  demo: { out: 'runs/demo' },
  trajectory: {},
  predict: {},
  capture: { run: 'run' },
  'bench planted': { run: 'run' },
  'bench planted-replies': { run: 'run' },
  finetune: { run: 'run' },
  plant: { run: 'run' },
  'sae train': { run: 'run' },
  'sae finetune': { run: 'run' },
};

/** Words that a command of their group follows. */
const groups: ReadonlySet<string> = new Set(['sae', 'bench']);

/**
 * Starts the command that a run states again, as a process of its own. It may have been written by anybody, so that only commands that
 * write runs are started, into that very folder, with no configuration file, which would be code, and with no address that the
 * environment's keys would be sent to. Throws `usage` for any other command.
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

/** The arguments after `feedprint`, checked; without `--dashboard`: one is open. */
export function argumentsOf(command: string, folder: string): string[] {
  const [program, ...words] = wordsOf(command);
  const name = words.slice(0, groups.has(words[0] ?? '') ? 2 : 1).join(' ');
  const known = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const out = known && (outOf(words) ?? known.out);
  const isOurs = out !== undefined && resolve(out, known?.run ?? '') === resolve(folder);
  if (program === 'feedprint' && isOurs && !words.some(isUnsafe)) {
    return words.filter((word) => word !== '--dashboard');
  }
  throw new FeedprintError({
    code: 'usage',
    message: 'this run cannot be continued from here',
    remedy: 'run its command again in a terminal, in the folder where it was started',
  });
}

const isUnsafe = (word: string): boolean =>
  word === '--config' || word.startsWith('--config=') || /https?:/i.test(word);

/** What `--out` says; nothing where it is said twice, as a command and this check may then read it differently. */
function outOf(words: readonly string[]): string | undefined {
  const said = words.flatMap((word, i) => {
    if (word.startsWith('--out=')) return [word.slice('--out='.length)];
    return word === '--out' ? [words[i + 1] ?? ''] : [];
  });
  return said.length > 1 ? '' : said[0];
}

/** The words of a command line as `commandLine` writes them: plain, or between single quotes. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/(?:[^\s'\\]|'[^']*'|\\')+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|\\'/g, (whole, inside?: string) =>
      whole === "\\'" ? "'" : (inside ?? ''),
    ),
  );
