import { FeedprintError } from '@feedprint/core';
import {
  openPreferencePairs,
  parsePairColumns,
  readTexts,
  standardProperties,
  summarizePairs,
  summarizeReplies,
} from '@feedprint/feedback';
import type { Command } from 'commander';
import { formatPairProperties, formatReplyProperties } from '../feedback/format-properties.ts';
import type { Io } from '../io.ts';
import { wholeNumber } from '../options.ts';
import { mapHelp, pairsHelp, sayPairs } from '../pairs.ts';
import { counted, sayRead, textsHelp } from '../texts.ts';

interface PropertiesFlags {
  readonly texts?: string;
  readonly pairs?: string;
  readonly map?: string;
  readonly maxTexts?: number;
  readonly json?: boolean;
}

export function addFeedbackPropertiesCommand(feedback: Command, io: Io): void {
  feedback
    .command('properties')
    .description(
      'Measure properties of replies (length, lists, hedges, ...), and what chosen replies have more of than rejected ones.',
    )
    .option('--texts <file>', textsHelp)
    .option('--pairs <file>', `or ${pairsHelp}`)
    .option('--map <columns>', mapHelp)
    .option('--max-texts <n>', 'read at most this many texts or pairs', wholeNumber(1))
    .option('--json', 'print the result as JSON')
    .action(async ({ texts, pairs, map, maxTexts: limit, json }: PropertiesFlags) => {
      if ((texts === undefined) === (pairs === undefined)) {
        throw new FeedprintError({
          code: 'usage',
          message: `there are ${pairs === undefined ? 'neither texts nor pairs' : 'both texts and pairs'}`,
          remedy: 'give one of --texts and --pairs',
        });
      }
      const show = <T>(found: readonly T[], format: (found: readonly T[]) => string): void =>
        io.out(json ? `${JSON.stringify(found)}\n` : format(found));
      if (pairs !== undefined) show(await ofPairs(pairs, { map, limit }, io), formatPairProperties);
      if (texts !== undefined) show(await ofTexts(texts, limit, io), formatReplyProperties);
    });
}

interface PairsToRead {
  readonly map: string | undefined;
  readonly limit: number | undefined;
}

async function ofPairs(file: string, { map, limit }: PairsToRead, io: Io) {
  const { pairs, summary } = await openPreferencePairs(file, {
    limit,
    map: map === undefined ? undefined : parsePairColumns(map),
    signal: io.signal,
  });
  const found = await summarizePairs(pairs, standardProperties(), progressOf('pairs', io));
  sayPairs(summary(), io);
  return found;
}

async function ofTexts(file: string, limit: number | undefined, io: Io) {
  const read = await readTexts(file, { limit });
  sayRead({ file: read, what: counted(read.texts.length, 'text') }, io);
  const replies = read.texts.map((reply) => ({ prompt: '', reply }));
  return summarizeReplies(replies, standardProperties(), progressOf('texts', io));
}

/** A line that is redrawn on a terminal. */
const progressOf = (what: string, io: Io) => ({
  signal: io.signal,
  onProgress: (done: number): void => {
    if (io.isTerminal && done % 512 === 0) io.err(`\r${done} ${what}\r`);
  },
});
