import { readTexts } from '@feedprint/pipeline';
import type { Command } from 'commander';
import { lexiconHelp } from '../feedback/choose-lexicon.ts';
import { addJudgeOptions } from '../feedback/judges.ts';
import { createTextScorer, signals } from '../feedback/scorers.ts';
import type { SignalFlags, TextScore } from '../feedback/scorers.ts';
import type { Io } from '../io.ts';
import { addModelOptions, modelHelp } from '../model-options.ts';
import { numberRange, oneOf, wholeNumber } from '../options.ts';
import { alignColumns, toJsonLines } from '../tables.ts';

interface ScoreFlags extends SignalFlags {
  readonly texts: string;
  readonly maxTexts?: number;
  readonly json?: boolean;
}

/** What a judge grades by unless told otherwise. */
const helpfulness =
  'How good is it for the person who reads it? 1: useless, false or harmful. 3: acceptable. 5: helpful, true, harmless and well written.';

export function addFeedbackScoreCommand(feedback: Command, io: Io): void {
  const command = feedback
    .command('score')
    .description('Say what feedback says of texts: a score each, in order.')
    .requiredOption(
      '--signal <name>',
      `the feedback: ${signals.join(', ')} (words of the lexicon; whole texts by VADER's rules; a checkpoint; a chat model)`,
      oneOf(...signals),
    )
    .requiredOption('--texts <file>', 'texts: .jsonl with a "text" per line, or .txt; .gz allowed')
    .option('--max-texts <n>', 'read this many texts at most', wholeNumber(1))
    .option('--lexicon <name>', `words for vader and vader-text: ${lexiconHelp}`, 'vader')
    .option('--model <name>', `reward ${modelHelp}`)
    .option('--label <name>', "which of the reward model's scores, by name or index")
    .option('--chat', "wrap each text as a user's message, by the reward model's chat template")
    .option(
      '--truncate <side>',
      'cut texts beyond the context: left, right',
      oneOf('left', 'right'),
    )
    .option('--max-tokens <n>', "tokens of a text (default: the model's context)", wholeNumber(1))
    .option('--rubric <text>', 'what the judge grades by', helpfulness)
    .option('--range <low,high>', "lowest and highest of the judge's grades", numberRange, [1, 5])
    .option('--json', 'print a JSON object per text');
  addModelOptions(addJudgeOptions(command)).action(async (flags: ScoreFlags) => {
    const texts = (await readTexts(flags.texts)).texts.slice(0, flags.maxTexts);
    const scorer = await createTextScorer(flags, io);
    try {
      const scores = await scorer.score(texts);
      io.out(flags.json ? toJsonLines(scores) : format(texts, scores));
    } finally {
      await scorer.dispose();
    }
  });
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
