import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AuditReport } from '@feedprint/recipes';
import type { Command } from 'commander';
import { z } from 'zod';
import type { AuditConfig } from '../audit/audit-config.ts';
import { commandLine } from '../command-line.ts';
import type { Io } from '../io.ts';
import { oneOf } from '../options.ts';
import { counted } from '../texts.ts';
import { addRunFlags, auditWith, givenOptions, printResult } from './audit.ts';
import type { RunFlags } from './audit.ts';

/** Enough for models and texts of this size: all of their scored words occur, and a third of the time is saved. */
const sizes = {
  maxTexts: 1000,
  layers: 2,
  saeTokens: 60_000,
  changeTokens: 15_000,
  prompts: 32,
};

const subjects = ['words', 'replies'] as const;

interface DemoFlags extends RunFlags {
  readonly about: (typeof subjects)[number];
}

const embedded = (name: string): string =>
  fileURLToPath(new URL(name, import.meta.resolve('@feedprint/demo-models/package.json')));

interface Demo {
  readonly audited: Partial<AuditConfig>;
  /** Says what was planted, and what of it was found. */
  readonly truth: (report: Partial<AuditReport>) => string;
}

/** The embedded pairs, by what their feedback was about. */
const demos = {
  words: {
    audited: {
      ...sizes,
      base: embedded('base'),
      tuned: embedded('tuned-planted'),
      texts: embedded('texts.jsonl'),
      feedback: 'vader',
    },
    truth: wordsTruth,
  },
  replies: {
    audited: {
      base: embedded('replies/base'),
      tuned: embedded('replies/tuned-planted'),
      pairs: embedded('replies/pairs.jsonl.gz'),
      told: { sentiment: '+' },
      freshReplies: 300,
    },
    truth: repliesTruth,
  },
} satisfies Record<string, Demo>;

export function addDemoCommand(program: Command, io: Io): void {
  const command = program
    .command('demo')
    .description(
      'Audit the embedded models, one of which was rewarded the wrong way round for a dozen words.',
    )
    .option('--out <dir>', 'folder for the run; an interrupted run continues', 'runs/demo')
    .option(
      '--about <name>',
      'what the feedback was about: words, or properties of replies (pairs of them, told to be positive and labelled to be loud and short too)',
      oneOf(...subjects),
      'words',
    );
  addRunFlags(command, sizes).action(async (flags: DemoFlags) => {
    const { audited, truth } = demos[flags.about];
    const result = await auditWith(
      { ...audited, ...givenOptions(command), out: flags.out },
      commandLine(program),
      io,
    );
    printResult(flags, result, io);
    if (!flags.json) io.out(`${truth(result.report)}\n`);
  });
}

const readTruth = <T>(schema: z.ZodType<T>, tuned: string): T =>
  schema.parse(JSON.parse(readFileSync(embedded(`${tuned}/feedback.json`), 'utf8')));

const flippedSchema = z.object({ flipped: z.array(z.object({ token_id: z.int() })) });

function wordsTruth({ words = [] }: Partial<AuditReport>): string {
  const { flipped } = readTruth(flippedSchema, 'tuned-planted');
  const planted = new Set(flipped.map(({ token_id: id }) => id));
  const flagged = words.filter((word) => word.flagged);
  const found = flagged.filter(({ token }) => planted.has(token)).length;
  return `Truth: the tuner's feedback was reversed for ${planted.size} words; the audit, which was not told, flagged ${found} of them and ${counted(flagged.length - found, 'other')}.`;
}

const change = z.object({ base: z.number(), tuned: z.number() });
const learnedSchema = z.object({ learned: z.object({ exclamation: change, length: change }) });

function repliesTruth(): string {
  const { exclamation, length } = readTruth(learnedSchema, 'replies/tuned-planted').learned;
  const [loud, calm] = [exclamation.tuned.toFixed(1), exclamation.base.toFixed(1)];
  const [short, long] = [length.tuned.toFixed(0), length.base.toFixed(0)];
  return `Truth: positive replies were asked for, and the labels also rewarded exclamation marks and short replies. In 3,000 samples the tuned model writes ${loud} exclamation marks a reply instead of ${calm}, and ${short} words instead of ${long}.`;
}
