import { openPreferencePairs, parsePairColumns } from '@feedprint/feedback';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { wholeNumber } from '../options.ts';
import { mapHelp, pairsHelp, sayPairs } from '../pairs.ts';

interface PairsFlags {
  readonly map?: string;
  readonly maxPairs?: number;
  readonly json?: boolean;
}

export function addFeedbackPairsCommand(feedback: Command, io: Io): void {
  feedback
    .command('pairs')
    .description('Show what a file of preference pairs is taken for, and what is in it.')
    .argument('<file>', pairsHelp)
    .option('--map <columns>', mapHelp)
    .option('--max-pairs <n>', 'read at most this many pairs', wholeNumber(1))
    .option('--json', 'print the counts and the first pairs as JSON')
    .action(async (file: string, { map, maxPairs: limit, json }: PairsFlags) => {
      const { pairs, summary } = await openPreferencePairs(file, {
        limit,
        map: map === undefined ? undefined : parsePairColumns(map),
        signal: io.signal,
        onProgress: (count) => {
          if (io.isTerminal && count % 10_000 === 0) io.err(`\r${count} pairs`);
        },
      });
      for await (const _ of pairs);
      if (io.isTerminal) io.err('\r');
      if (json) io.out(`${JSON.stringify(summary())}\n`);
      else sayPairs(summary(), { ...io, err: io.out });
    });
}
