import { encodeTexts, tokenShift } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import { createVaderSignal, scoredTokens, readTexts } from '@feedprint/feedback';
import { summarizeShift } from '@feedprint/probe';
import type { ShiftReport } from '@feedprint/report/chapters/shift';
import type { Command } from 'commander';
import { formerly } from '../flag-rules.ts';
import type { Io } from '../io.ts';
import { addModelOptions, modelHelp, openModel, tunedHelp, tunedName } from '../model-options.ts';
import type { ModelFlags } from '../model-options.ts';
import { oneOf, wholeNumber } from '../options.ts';
import { createProgressReporter } from '../progress.ts';
import { formatShift } from '../shift/format-shift.ts';
import { counted, maxTextsHelp, sayRead, textsHelp } from '../texts.ts';

interface ShiftFlags extends ModelFlags {
  readonly base: string;
  readonly tuned?: string;
  readonly texts: string;
  readonly promptTokens: number;
  readonly maxNewTokens: number;
  readonly maxTexts: number;
  readonly feedback: 'vader';
  readonly seed: number;
  readonly json?: boolean;
}

export function addShiftCommand(program: Command, io: Io): void {
  const command = program
    .command('shift')
    .description(
      'Show how the base model ranks what the tuned model says (token distribution shift).',
    )
    .requiredOption('--base <name>', `base ${modelHelp}`)
    .option('--tuned <name>', tunedHelp)
    .requiredOption('--texts <file>', `${textsHelp}; the beginning of each is a prompt`)
    .option(
      '--prompt-tokens <n>',
      'tokens per prompt; a shorter text is used whole',
      wholeNumber(1),
      8,
    )
    .option(
      '--max-new-tokens <n>',
      'tokens that the tuned model adds to each prompt at most',
      wholeNumber(1),
      32,
    )
    .option('--max-texts <n>', maxTextsHelp, wholeNumber(1), 200)
    .option('--feedback <name>', 'feedback to compare with: vader', oneOf('vader'), 'vader')
    .option('--seed <n>', 'seed for the bootstrap intervals', wholeNumber(0, 0xffff_ffff), 0)
    .option('--json', 'print the result as JSON');
  formerly(command, '--limit', '--max-texts');
  formerly(command, '--new-tokens', '--max-new-tokens');
  addModelOptions(command).action(async (flags: ShiftFlags) => {
    const { adapter: _, ...ofBase } = flags;
    const base = await openModel(flags.base, ofBase);
    try {
      const tuned = await openModel(tunedName(flags), flags);
      try {
        const names = { base: base.name, tuned: tuned.name };
        const shift = await measure(base, tuned, flags, io);
        io.out(
          flags.json ? `${JSON.stringify({ ...names, ...shift })}\n` : formatShift(names, shift),
        );
      } finally {
        await tuned.dispose();
      }
    } finally {
      await base.dispose();
    }
  });
}

async function measure(
  base: LanguageModel,
  tuned: LanguageModel,
  { texts: path, promptTokens, maxNewTokens, maxTexts, seed }: ShiftFlags,
  io: Io,
): Promise<ShiftReport> {
  const read = await readTexts(path, { limit: maxTexts });
  const { tokenizer } = tuned;
  const context = Math.min(base.info.contextLength, tuned.info.contextLength);
  if (promptTokens >= context) {
    throw new FeedprintError({
      code: 'usage',
      message: `prompts of ${promptTokens} tokens leave no room in a context of ${context}`,
      remedy: 'lower --prompt-tokens',
    });
  }
  const { rows } = encodeTexts(tuned, read.texts, { maxTokens: promptTokens, minTokens: 2 });
  if (rows.length === 0) {
    throw new FeedprintError({
      code: 'texts-invalid',
      message: `no text of ${read.file} has two tokens or more`,
      remedy: 'give longer texts',
    });
  }
  sayRead({ file: read, what: counted(rows.length, 'prompt'), rows }, io);
  const stage = 'shift';
  const progress = createProgressReporter(io);
  progress.event({ type: 'run-started', name: stage, stages: [stage] });
  progress.event({ type: 'stage-started', stage });
  try {
    const tokens = await tokenShift(base, tuned, rows, {
      // Both models must be able to see what is added.
      newTokens: Math.min(maxNewTokens, context - promptTokens),
      signal: io.signal,
      onProgress: (done, total) =>
        progress.event({ type: 'stage-progress', stage, done, total, unit: 'prompts' }),
    });
    progress.event({ type: 'stage-finished', stage, reused: false });
    const scored = await scoredTokens(tokenizer, createVaderSignal());
    return summarizeShift(tokens, {
      textOf: (token) => tokenizer.tokenText(token),
      stated: new Map(scored.map(({ id, stated }) => [id, stated])),
      seed,
    });
  } finally {
    progress.stop();
  }
}
