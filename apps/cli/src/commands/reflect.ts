import { FeedprintError } from '@feedprint/core';
import { makeFolder, replaceFile, writeFlushed } from '@feedprint/core/files';
import { parsePairColumns, readInstructions, readPreferencePairs } from '@feedprint/feedback';
import type { PairRecord } from '@feedprint/feedback';
import { createEstimatingChat } from '@feedprint/labeling';
import { reflectData } from '@feedprint/recipes';
import type { ReflectDataOptions, ReflectedExample } from '@feedprint/recipes';
import type { Command } from 'commander';
import { usedOnly } from '../flag-rules.ts';
import type { Io } from '../io.ts';
import { addChatOptions, openChat } from '../label/chat-flags.ts';
import type { ChatFlags } from '../label/chat-flags.ts';
import { confirmCost } from '../label/confirm-cost.ts';
import { formatTotals } from '../label/format-cost.ts';
import { seedHelp, wholeNumber } from '../options.ts';
import { mapHelp, pairsHelp, sayPairs } from '../pairs.ts';
import { formatReflection } from '../reflect/format-reflection.ts';
import { toJsonLines } from '../tables.ts';
import { counted, formats, sayRead } from '../texts.ts';

interface ReflectFlags extends ChatFlags {
  readonly pairs?: string;
  readonly map?: string;
  readonly instructions?: string;
  readonly maxPairs?: number;
  readonly out: string;
  readonly criteria: string;
  readonly judgeModel?: string;
  readonly calibrate?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly seed: number;
  readonly json?: boolean;
}

const usualCriteria =
  'It is helpful, to the point, true, harmless, and as detailed as it has to be.';

export function addReflectCommand(program: Command, io: Io): void {
  const command = program
    .command('reflect')
    .description(
      'Have the replies that a model is to learn from criticised and rewritten, with their prompts.',
    )
    .option('--pairs <file>', `${pairsHelp}; the chosen reply is rewritten`)
    .option('--map <columns>', mapHelp)
    .option('--instructions <file>', `or prompts with their replies, in ${formats}`)
    .option('--max-pairs <n>', 'read at most this many of them', wholeNumber(1))
    .requiredOption('--out <file>', 'file to write, as JSON Lines')
    .option('--criteria <text>', 'what makes a reply good', usualCriteria)
    .option('--judge-model <name>', 'grades replies before and after (default: the chat model)')
    .option('--calibrate', 'also ask the judge questions whose answers are known')
    .option('--dry-run', 'say what it would cost, and stop')
    .option('--yes', 'go on where asking costs money')
    .option('--seed <n>', seedHelp, wholeNumber(0, 0xffff_ffff), 0)
    .option('--json', 'print the counts as JSON');
  usedOnly(command, ['--map'], {
    when: ({ pairs }) => pairs !== undefined,
    otherwise: 'without --pairs',
    remedy: 'add --pairs',
  });
  addChatOptions(command).action((flags: ReflectFlags) => reflect(flags, io));
}

async function reflect(flags: ReflectFlags, io: Io): Promise<void> {
  const { criteria, seed, calibrate = false, out, judgeModel } = flags;
  const given = await readExamples(flags, io);
  const answers = `${out}.answers`;
  const paid = openChat(flags, answers, io);
  const options: Omit<ReflectDataOptions, 'chat' | 'judge'> = {
    ...{ examples: given.examples, criteria, calibrate, seed },
    rubric: `${criteria} 1: not at all. 3: mostly. 5: entirely.`,
    concurrency: flags.batchApi ? 10_000 : flags.concurrency,
  };
  const counting = createEstimatingChat({ maxTokens: flags.answerTokens });
  await reflectData({ ...options, chat: counting.chat, judge: counting.chat });
  const examples = given.examples.length;
  const cost = {
    ...{ estimate: counting.estimate(), counts: { examples }, price: paid.price },
    what: counted(examples, given.what),
  };
  if (!confirmCost(flags, cost, io)) return;
  makeFolder(answers);
  try {
    const { made, report } = await reflectData({
      ...options,
      chat: paid.chat,
      judge: judgeModel === undefined ? paid.chat : paid.other(judgeModel),
      onDone: (done) => {
        if (io.isTerminal) io.err(`\r${done} of ${examples}`);
      },
    });
    if (io.isTerminal) io.err('\n');
    const lines = made.map(({ prompt, reply, passes }, i) => given.line(i, prompt, reply, passes));
    await replaceFile(out, (aside) => writeFlushed(aside, toJsonLines(lines)));
    io.out(
      flags.json ? `${JSON.stringify({ file: out, ...report })}\n` : formatReflection(report, out),
    );
  } finally {
    io.err(`${formatTotals(paid.ledger.totals())}\n`);
  }
}

interface Given {
  readonly examples: readonly ReflectedExample[];
  readonly what: string;
  /** What is written of an example. */
  readonly line: (index: number, prompt: string, reply: string, passes: object) => object;
}

async function readExamples(flags: ReflectFlags, io: Io): Promise<Given> {
  const { pairs, instructions, map, maxPairs: limit } = flags;
  if ((pairs === undefined) === (instructions === undefined)) {
    throw new FeedprintError({
      code: 'usage',
      message: `there are ${pairs === undefined ? 'neither pairs nor instructions' : 'both pairs and instructions'}`,
      remedy: 'give one of --pairs and --instructions',
    });
  }
  if (instructions !== undefined) {
    const read = await readInstructions(instructions, { limit });
    sayRead({ file: read, what: counted(read.replies.length, 'reply', 'replies') }, io);
    return {
      examples: read.replies,
      what: 'reply',
      line: (_, prompt, completion, passes) => ({ prompt, completion, passes }),
    };
  }
  const columns = map === undefined ? undefined : parsePairColumns(map);
  const read = await readPreferencePairs(pairs ?? '', { limit, map: columns });
  sayPairs(read, io);
  return {
    examples: read.pairs.map(toExample),
    what: 'pair',
    line: (i, prompt, chosen, passes) => ({
      prompt,
      chosen,
      rejected: read.pairs[i]?.rejected,
      passes,
    }),
  };
}

const toExample = ({ prompt, turns, chosen, rejected }: PairRecord): ReflectedExample => ({
  ...{ prompt, reply: chosen, rejected },
  ...(turns && { turns }),
});
