import {
  openPreferencePairs,
  readTexts,
  standardProperties,
  summarizePairs,
  summarizeReplies,
} from '@feedprint/feedback';
import type { Command } from 'commander';
import { formatPairProperties, formatReplyProperties } from '../feedback/format-properties.ts';
import type { Io } from '../io.ts';
import { wholeNumber } from '../options.ts';
import { counted, maxTextsHelp, sayRead, textsHelp } from '../texts.ts';

interface PropertiesFlags {
  readonly pairs?: boolean;
  readonly maxTexts?: number;
  readonly json?: boolean;
}

export function addFeedbackPropertiesCommand(feedback: Command, io: Io): void {
  feedback
    .command('properties')
    .description(
      'Measure the properties of replies (length, lists, hedges, ...), and what chosen replies have more of than rejected ones.',
    )
    .argument('<file>', `${textsHelp}; with --pairs, preference pairs`)
    .option('--pairs', 'the file holds preference pairs')
    .option('--max-texts <n>', `${maxTextsHelp} or pairs`, wholeNumber(1))
    .option('--json', 'print the result as JSON')
    .action(async (file: string, flags: PropertiesFlags) => {
      const show = (found: readonly object[], format: () => string): void =>
        io.out(flags.json ? `${JSON.stringify(found)}\n` : format());
      if (flags.pairs) {
        const found = await ofPairs(file, flags, io);
        show(found, () => formatPairProperties(found));
      } else {
        const found = await ofTexts(file, flags, io);
        show(found, () => formatReplyProperties(found));
      }
    });
}

async function ofPairs(file: string, { maxTexts: limit }: PropertiesFlags, io: Io) {
  const { pairs, summary } = await openPreferencePairs(file, { limit, signal: io.signal });
  const found = await summarizePairs(pairs, standardProperties(), progressOf('pairs', io));
  sayRead({ file: summary(), what: counted(summary().count, 'pair') }, io);
  return found;
}

async function ofTexts(file: string, { maxTexts: limit }: PropertiesFlags, io: Io) {
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
