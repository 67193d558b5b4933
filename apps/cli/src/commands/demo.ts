import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { z } from 'zod';
import { commandLine } from '../command-line.ts';
import type { Io } from '../io.ts';
import { counted } from '../texts.ts';
import { addRunFlags, auditWith, givenOptions, printResult } from './audit.ts';
import type { RunFlags } from './audit.ts';

const truthSchema = z.object({
  flipped: z.array(z.object({ token_id: z.int(), word: z.string() })),
});

/** Enough for models and texts of this size: all of their scored words occur, and a third of the time is saved. */
const sizes = {
  maxTexts: 1000,
  layers: 2,
  saeTokens: 60_000,
  changeTokens: 15_000,
  prompts: 32,
};

const embedded = (name: string): string =>
  fileURLToPath(new URL(name, import.meta.resolve('@feedprint/demo-models/package.json')));

export function addDemoCommand(program: Command, io: Io): void {
  const command = program
    .command('demo')
    .description(
      'Audit the embedded models, one of which was rewarded the wrong way round for a dozen words.',
    )
    .option('--out <dir>', 'folder for the run; an interrupted run continues', 'runs/demo');
  addRunFlags(command, sizes).action(async (flags: RunFlags) => {
    const result = await auditWith(
      {
        ...sizes,
        ...givenOptions(command),
        out: flags.out,
        base: embedded('base'),
        tuned: embedded('tuned-planted'),
        texts: embedded('texts.jsonl'),
        feedback: 'vader',
      },
      commandLine(program),
      io,
    );
    printResult(flags, result, io);
    if (flags.json) return;
    const truth = truthSchema.parse(
      JSON.parse(readFileSync(embedded('tuned-planted/feedback.json'), 'utf8')),
    );
    const planted = new Set(truth.flipped.map(({ token_id: id }) => id));
    const flagged = (result.report.words ?? []).filter((word) => word.flagged);
    const found = flagged.filter(({ token }) => planted.has(token)).length;
    io.out(
      `Truth: the tuner's feedback was reversed for ${planted.size} words; the audit, which was not told, flagged ${found} of them and ${counted(flagged.length - found, 'other')}.\n`,
    );
  });
}
