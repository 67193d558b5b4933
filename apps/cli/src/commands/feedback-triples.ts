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
import { addJudgeOptions, judgeFlags, openJudge } from '../feedback/judges.ts';
import type { JudgeFlags } from '../feedback/judges.ts';
import { usedOnly } from '../flag-rules.ts';
import type { Io } from '../io.ts';
import { seedHelp, wholeNumber } from '../options.ts';
import { toJsonLines } from '../tables.ts';
import { counted, maxTextsHelp, sayRead, textsHelp } from '../texts.ts';

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
    .description('Write each text in a positive, a neutral and a negative version, as JSON Lines.')
    .requiredOption('--texts <file>', textsHelp)
    .requiredOption('--out <file>', 'file to write')
    .option('--max-texts <n>', maxTextsHelp, wholeNumber(1))
    .option('--lexicon <name>', `words to replace: ${lexiconHelp}`, 'vader')
    .option('--per-word <n>', 'at most this many triples per word', wholeNumber(1), 10)
    .option('--max-triples <n>', 'at most this many triples', wholeNumber(1), 2000)
    .option('--seed <n>', seedHelp, wholeNumber(0, 0xffff_ffff), 0)
    .option('--rewrite', 'have a chat model rewrite whole texts instead of replacing words')
    .option(
      '--quality <text>',
      'what the rewritten versions differ in',
      'sentiment, from praise to blame',
    )
    .option('--check', 'drop rewritten versions that VADER does not rank in this order')
    .option('--json', 'print the counts as JSON');
  addJudgeOptions(command);
  usedOnly(command, [...judgeFlags, '--quality', '--check'], {
    when: ({ rewrite }) => rewrite === true,
    otherwise: 'without --rewrite',
    remedy: 'add --rewrite',
  });
  usedOnly(command, ['--lexicon', '--per-word', '--seed'], {
    when: ({ rewrite }) => rewrite !== true,
    otherwise: 'with --rewrite, where a chat model chooses the words',
    remedy: 'leave --rewrite out',
  });
  command.action(async (flags: TriplesFlags) => {
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
    io.out(`${counted(triples, 'triple')} from ${counted(chosen.length, 'text')}: ${flags.out}\n`);
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
      message: `none of ${counted(texts.length, 'text')} was rewritten in three usable versions`,
      remedy: 'use a more capable chat model, or see above what is wrong with its versions',
    });
  }
  const counts: Record<string, number> = {};
  for (const { reason } of dropped) counts[reason] = (counts[reason] ?? 0) + 1;
  return { lines: triples, dropped: counts };
}
