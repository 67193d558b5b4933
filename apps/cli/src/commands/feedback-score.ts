import { FeedprintError } from '@feedprint/core';
import type { Reply } from '@feedprint/core';
import {
  createJudgeSignal,
  parsePairColumns,
  readPreferencePairs,
  readTexts,
  repliesOf,
} from '@feedprint/feedback';
import { calibrateGrader } from '@feedprint/recipes';
import type { Command } from 'commander';
import { lexiconHelp } from '../feedback/lexicon-help.ts';
import { formatGrader } from '../feedback/format-grader.ts';
import { addJudgeOptions, judgeFlags, openJudge } from '../feedback/judges.ts';
import { createTextScorer, signals } from '../feedback/scorers.ts';
import type { SignalFlags, TextScore } from '../feedback/scorers.ts';
import { formerly, usedOnly } from '../flag-rules.ts';
import type { Io } from '../io.ts';
import { addModelOptions, modelHelp } from '../model-options.ts';
import { numberRange, oneOf, wholeNumber } from '../options.ts';
import { alignColumns, toJsonLines } from '../tables.ts';
import { mapHelp, pairsHelp, sayPairs } from '../pairs.ts';
import { counted, maxLengthHelp, sayRead, textsHelp } from '../texts.ts';

interface ScoreFlags extends SignalFlags {
  readonly texts?: string;
  readonly pairs?: string;
  readonly map?: string;
  readonly maxTexts?: number;
  readonly json?: boolean;
  readonly calibrate?: boolean;
  readonly seed: number;
}

/** Flags, and the signals that they are of. */
const usersOf: readonly (readonly [readonly string[], ...SignalFlags['signal'][]])[] = [
  [['--lexicon'], 'vader', 'vader-text'],
  [['--model', '--label', '--chat', '--truncate', '--max-length'], 'reward-model'],
  [['--device', '--adapter', '--revision', '--offline', '--threads'], 'reward-model'],
  [['--rubric', '--range', '--calibrate', '--seed', ...judgeFlags], 'judge'],
];

/** What a judge grades by unless told otherwise. */
const helpfulness =
  'How good is it for the person who reads it? 1: useless, false or harmful. 3: acceptable. 5: helpful, true, harmless and well written.';

export function addFeedbackScoreCommand(feedback: Command, io: Io): void {
  const command = feedback
    .command('score')
    .description('Score each text with a feedback signal.')
    .requiredOption(
      '--signal <name>',
      `feedback signal: ${signals.join(', ')} (the lexicon's words; VADER's rules for whole texts; a checkpoint; a chat model)`,
      oneOf(...signals),
    )
    .option('--texts <file>', textsHelp)
    .option(
      '--pairs <file>',
      `or ${pairsHelp}; the score is the chosen reply's minus the rejected one's`,
    )
    .option('--map <columns>', mapHelp)
    .option('--max-texts <n>', 'read at most this many texts or pairs', wholeNumber(1))
    .option('--lexicon <name>', `lexicon for vader and vader-text: ${lexiconHelp}`, 'vader')
    .option('--model <name>', `reward ${modelHelp}`)
    .option('--label <name>', "which of the reward model's outputs is the score, by name or index")
    .option('--chat', "wrap each text as a user's message, by the reward model's chat template")
    .option(
      '--truncate <side>',
      'side on which to cut texts longer than the context: left, right',
      oneOf('left', 'right'),
    )
    .option('--max-length <n>', maxLengthHelp, wholeNumber(1))
    .option('--rubric <text>', 'what the judge grades by', helpfulness)
    .option('--range <low,high>', 'lowest and highest grade of the judge', numberRange, [1, 5])
    .option(
      '--calibrate',
      'instead, plant faults in these replies and say whether the judge sees them, likes padding or goes by order',
    )
    .option('--seed <n>', 'seed of the planted faults', wholeNumber(0, 0xffff_ffff), 0)
    .option('--json', 'print one JSON object per text');
  formerly(command, '--max-tokens', '--max-length');
  for (const [flags, ...users] of usersOf) {
    usedOnly(command, flags, {
      when: ({ signal }) => users.some((user) => user === signal),
      otherwise: `without --signal ${users.join(' or ')}`,
      remedy: 'choose that signal',
    });
  }
  addModelOptions(addJudgeOptions(command)).action(async (flags: ScoreFlags) => {
    const given = await readReplies(flags);
    if (flags.calibrate) return calibrate(flags, given, io);
    const scorer = await createTextScorer(flags, io);
    try {
      given.say(io);
      const scores = given.combine(await scorer.score(given.replies));
      io.out(flags.json ? toJsonLines(scores) : format(given.shown, scores));
    } finally {
      await scorer.dispose();
    }
  });
}

interface Given {
  /** Says what was read. */
  readonly say: (io: Io) => void;
  readonly replies: readonly Reply[];
  /** What people are shown of each text or pair. */
  readonly shown: readonly string[];
  /** Scores of the replies -> of the texts or pairs. */
  readonly combine: (scores: readonly TextScore[]) => readonly TextScore[];
}

async function readReplies({ texts, pairs, map, maxTexts: limit }: ScoreFlags): Promise<Given> {
  if (texts !== undefined && pairs === undefined) {
    const read = await readTexts(texts, { limit });
    const shown = read.texts;
    const what = counted(shown.length, 'text');
    return {
      say: (io) => sayRead({ file: read, what }, io),
      replies: shown.map((reply) => ({ prompt: '', reply })),
      shown,
      combine: (scores) => scores,
    };
  }
  if (pairs === undefined || texts !== undefined) {
    throw new FeedprintError({
      code: 'usage',
      message: `there are ${pairs === undefined ? 'neither texts nor pairs' : 'both texts and pairs'}`,
      remedy: 'give one of --texts and --pairs',
    });
  }
  const columns = map === undefined ? undefined : parsePairColumns(map);
  const read = await readPreferencePairs(pairs, { limit, map: columns });
  const chosen = read.pairs;
  return {
    say: (io) => sayPairs(read, io),
    replies: chosen.flatMap(repliesOf),
    shown: chosen.map((pair) => pair.chosen),
    combine: (scores) => chosen.map((_, i) => difference(scores[2 * i], scores[2 * i + 1])),
  };
}

/** Of pairs, the chosen replies are taken to be fine. */
async function calibrate(flags: ScoreFlags, { replies, say }: Given, io: Io): Promise<void> {
  const { rubric, concurrency, seed } = flags;
  const chat = openJudge(flags, io);
  const signal = createJudgeSignal({ ...flags, chat });
  say(io);
  const found = await calibrateGrader({
    ...{ signal, chat, rubric, concurrency, seed },
    replies: flags.pairs === undefined ? replies : replies.filter((_, i) => i % 2 === 0),
  });
  io.out(flags.json ? `${JSON.stringify(found)}\n` : formatGrader(found));
}

/** Above 0 where the chosen reply is the better one. */
function difference(chosen?: TextScore, rejected?: TextScore): TextScore {
  const [a, b] = [chosen?.score ?? null, rejected?.score ?? null];
  return { score: a === null || b === null ? null : a - b, chosen, rejected };
}

/** A line per text: its score and its beginning. */
function format(texts: readonly string[], scores: readonly TextScore[]): string {
  const rows = texts.map((text, i) => {
    const score = scores[i]?.score ?? null;
    const start = text.replaceAll(/\s+/g, ' ').slice(0, 80);
    return [score === null ? '-' : `${Number(score.toFixed(4))}`, start];
  });
  return `${alignColumns(rows, new Set([0])).join('\n')}\n`;
}
