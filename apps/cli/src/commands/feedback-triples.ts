import { FeedprintError, createRandom } from '@feedprint/core';
import { replaceFile, writeFlushed } from '@feedprint/core/files';
import {
  createVaderTextSignal,
  readTexts,
  rewriteTriples,
  substituteWords,
} from '@feedprint/feedback';
import { chooseLexicon } from '@feedprint/recipes';
import type { Command } from 'commander';
import { lexiconHelp } from '../feedback/lexicon-help.ts';
import { addJudgeOptions, openJudge } from '../feedback/judges.ts';
import type { JudgeFlags } from '../feedback/judges.ts';
import type { Io } from '../io.ts';
import { wholeNumber } from '../options.ts';
import { toJsonLines } from '../tables.ts';
import { counted, sayRead, textsHelp } from '../texts.ts';

interface TriplesFlags extends JudgeFlags {
  readonly texts: string;
  readonly maxTexts?: number;
  readonly out: string;
  readonly lexicon: string;
  readonly perWord: number;
  readonly maxTriples: number;
  readonly seed: number;
  readonly rewrite?: boolean;
  readonly quality: string;
  readonly check?: boolean;
  readonly json?: boolean;
}

/** Lines to write, and how many places or texts make none, by reason. */
interface Made {
  readonly lines: readonly object[];
  readonly dropped: Readonly<Record<string, number>>;
}

export function addFeedbackTriplesCommand(feedback: Command, io: Io): void {
  const command = feedback
    .command('triples')
    .description('Write texts in a positive, a neutral and a negative version each, as JSON lines.')
    .requiredOption('--texts <file>', textsHelp)
    .requiredOption('--out <file>', 'file to write')
    .option('--max-texts <n>', 'read this many texts at most', wholeNumber(1))
    .option('--lexicon <name>', `words to replace: ${lexiconHelp}`, 'vader')
    .option('--per-word <n>', 'triples of the same word at most', wholeNumber(1), 10)
    .option('--max-triples <n>', 'triples at most', wholeNumber(1), 2000)
    .option('--seed <n>', 'seed of every random choice', wholeNumber(0, 0xffff_ffff), 0)
    .option('--rewrite', 'let a chat model rewrite whole texts instead')
    .option(
      '--quality <text>',
      'what rewritten versions differ in',
      'sentiment, from praise to blame',
    )
    .option('--check', 'drop rewritten versions that VADER does not put in order')
    .option('--json', 'print the counts as JSON');
  addJudgeOptions(command).action(async (flags: TriplesFlags) => {
    const read = await readTexts(flags.texts, { limit: flags.maxTexts });
    const chosen = read.texts;
    const { lines, dropped } = flags.rewrite
      ? await rewritten(chosen, flags, io)
      : await substituted(chosen, flags);
    await replaceFile(flags.out, (aside) => writeFlushed(aside, toJsonLines(lines)));
    sayRead({ file: read, what: counted(chosen.length, 'text') }, io);
    const triples = lines.length;
    if (flags.json) {
      io.out(`${JSON.stringify({ file: flags.out, texts: chosen.length, triples, dropped })}\n`);
      return;
    }
    const reasons = Object.entries(dropped).map(([reason, count]) => `${count} ${reason}`);
    io.out(`${triples} triples of ${chosen.length} texts: ${flags.out}\n`);
    if (reasons.length > 0) io.err(`dropped: ${reasons.join(', ')}\n`);
  });
}

async function substituted(texts: readonly string[], flags: TriplesFlags): Promise<Made> {
  const { lexicon } = await chooseLexicon(flags.lexicon);
  const { perWord, maxTriples, seed } = flags;
  const random = createRandom(seed);
  const { triples, dropped } = substituteWords({ texts, lexicon, random, perWord, maxTriples });
  const lines = triples.map(({ text, offset, original, ...words }) => {
    const whole = texts[text] as string;
    const put = (word: string): string =>
      whole.slice(0, offset) + word + whole.slice(offset + original.length);
    const { positive, neutral, negative } = words;
    return {
      text,
      offset,
      original,
      words,
      positive: put(positive),
      neutral: put(neutral),
      negative: put(negative),
    };
  });
  return { lines, dropped };
}

async function rewritten(texts: readonly string[], flags: TriplesFlags, io: Io): Promise<Made> {
  const { triples, dropped } = await rewriteTriples({
    chat: openJudge(flags, io),
    texts: texts.slice(0, flags.maxTriples).map((reply) => ({ prompt: '', reply })),
    quality: flags.quality,
    concurrency: flags.concurrency,
    ...(flags.check && { check: createVaderTextSignal() }),
  });
  for (const { text, reason, explanation } of dropped) {
    io.err(`text ${text + 1}: ${reason}, ${explanation}\n`);
  }
  if (triples.length === 0) {
    throw new FeedprintError({
      code: 'service-failed',
      message: `none of ${texts.length} texts was rewritten in three usable versions`,
      remedy: 'use a more capable chat model, or see above what is wrong with its versions',
    });
  }
  const counts: Record<string, number> = {};
  for (const { reason } of dropped) counts[reason] = (counts[reason] ?? 0) + 1;
  return { lines: triples, dropped: counts };
}
