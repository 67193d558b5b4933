import { tmpdir } from 'node:os';
import { FeedprintError } from '@feedprint/core';
import { removeLeftFolders } from '@feedprint/core/files';
import { CommanderError } from 'commander';
import { processIo, stopCode } from './io.ts';
import type { Io } from './io.ts';
import { createProgram } from './program.ts';

const wrongUse: ReadonlySet<string> = new Set(['usage', 'config-invalid']);

/** Runs one command line; gives the exit code: 0 done, 1 failed, 2 wrong use, or what `stopCode` says of a stop. */
export async function main(args: readonly string[], io: Io = processIo()): Promise<number> {
  removeLeftFolders(tmpdir(), 'feedprint-');
  try {
    await createProgram(io).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (FeedprintError.is(error)) {
      if (error.code === 'cancelled') {
        io.err(`${oneLine(error.message)}\n`);
        return stopCode(io.signal.reason);
      }
      io.err(`error: ${oneLine(error.message)}\n`);
      return wrongUse.has(error.code) ? 2 : 1;
    }
    const detail = io.env.FEEDPRINT_DEBUG && error instanceof Error ? `\n${error.stack}` : '';
    io.err(`error: ${oneLine(error instanceof Error ? error.message : String(error))}${detail}\n`);
    io.err(
      'This is a bug in Feedprint. Run again with FEEDPRINT_DEBUG=1 and report what it prints.\n',
    );
    return 1;
  }
}

/** Characters of a message that are shown. */
const LONGEST = 600;

function oneLine(message: string): string {
  const line = message.replaceAll(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line;
}
