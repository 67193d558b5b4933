import { availableParallelism } from 'node:os';
import { runAudit } from '@feedprint/recipes';
import type { AuditReport, AuditResult, AuditSettingsInput } from '@feedprint/recipes';
import type { Command } from 'commander';
import { assembleParts } from '../assemble.ts';
import { chooseLexicon, lexiconHelp } from '../feedback/choose-lexicon.ts';
import type { Io } from '../io.ts';
import { createLabeler, labelers } from '../labelers.ts';
import type { LabelerOptions } from '../labelers.ts';
import { modelHelp, tunedName } from '../model-options.ts';
import { oneOf, wholeNumber } from '../options.ts';
import { presets } from '../presets.ts';
import type { Preset } from '../presets.ts';
import { createProgressReporter } from '../progress.ts';
import { counted, pairsHelp, sayRead, textsHelp, usedTexts } from '../texts.ts';
import { version } from '../version.ts';

/** Flags that `audit` and `demo` share. */
export interface RunFlags extends LabelerOptions {
  readonly out: string;
  readonly preset: Preset;
  readonly seed: number;
  readonly layers?: number;
  readonly maxTexts?: number;
  readonly maxPairs?: number;
  readonly sampleTokens?: number;
  readonly saeTokens?: number;
  readonly changeTokens?: number;
  readonly threads: number;
  readonly json?: boolean;
}

interface AuditFlags extends RunFlags {
  readonly base: string;
  readonly tuned?: string;
  readonly adapter?: string;
  readonly texts?: string;
  readonly pairs?: string;
  /** `vader`, or a lexicon file. */
  readonly feedback: string;
}

export function addAuditCommand(program: Command, io: Io): void {
  const command = program
    .command('audit')
    .description('Compare a base and a tuned model and report what the feedback taught.')
    .requiredOption('--base <name>', `base ${modelHelp}`)
    .option('--tuned <name>', 'the model tuned from it (default with --adapter: the base)')
    .option('--adapter <dir>', 'LoRA adapter to merge into the tuned model')
    .option('--texts <file>', textsHelp)
    .option('--pairs <file>', `${pairsHelp}; without --texts their replies are the texts`)
    .option('--max-pairs <n>', 'read a sample of this many pairs at most', wholeNumber(1))
    .requiredOption('--feedback <name>', `what the tuner rewarded: ${lexiconHelp}`)
    .requiredOption('--out <dir>', 'folder of the run; an interrupted one continues');
  addRunFlags(command).action(async (flags: AuditFlags) => {
    const { report, html } = await auditWith(flags, io);
    printResult(flags, report, html, io);
  });
}

export function addRunFlags(command: Command): Command {
  return command
    .option(
      '--preset <name>',
      `where defaults come from: ${presets.join(', ')}`,
      oneOf(...presets),
      'default',
    )
    .option('--seed <n>', 'seed of every random choice', wholeNumber(0, 0xffff_ffff), 0)
    .option('--layers <n>', 'most-diverged layers to look into (default: 5)', wholeNumber(1))
    .option('--max-texts <n>', 'read this many texts at most', wholeNumber(1))
    .option(
      '--sample-tokens <n>',
      'tokens whose activations train the SAEs (default: 60000)',
      wholeNumber(1000),
    )
    .option(
      '--sae-tokens <n>',
      'activations that each SAE sees in training (default: 200000)',
      wholeNumber(1),
    )
    .option(
      '--change-tokens <n>',
      'tokens over which changes are measured without labels; 0 for not at all (default: 40000)',
      wholeNumber(0),
    )
    .option(
      '--labeler <name>',
      `who explains features: ${labelers.join(', ')}`,
      oneOf(...labelers),
      'offline',
    )
    .option('--labeler-model <name>', 'model of the openai labeler', 'gpt-4o')
    .option('--labeler-url <url>', 'base URL of an OpenAI-compatible server')
    .option('--threads <n>', 'threads inside one operator', wholeNumber(1), availableParallelism())
    .option('--json', 'print the result as JSON');
}

/** Runs an audit with the command line's parts and shows its progress. */
export async function auditWith(flags: AuditFlags, io: Io): Promise<AuditResult> {
  const { lexicon, signal, question } = await chooseLexicon(flags.feedback);
  const progress = createProgressReporter(io);
  const settings: AuditSettingsInput = {
    preset: flags.preset,
    seed: flags.seed,
    ...(flags.layers !== undefined && { layers: flags.layers }),
    ...(flags.maxTexts !== undefined && { maxTexts: flags.maxTexts }),
    ...(flags.maxPairs !== undefined && { maxPairs: flags.maxPairs }),
    ...(flags.sampleTokens !== undefined && { sampleTokens: flags.sampleTokens }),
    ...(flags.changeTokens !== undefined && { changeTokens: flags.changeTokens }),
  };
  const labeler = createLabeler(flags, lexicon, io);
  try {
    return await runAudit({
      base: flags.base,
      tuned: tunedName(flags),
      ...(flags.texts !== undefined && { texts: flags.texts }),
      ...(flags.pairs !== undefined && { pairs: flags.pairs }),
      out: flags.out,
      parts: assembleParts({
        preset: flags.preset,
        signal,
        labeler,
        threads: flags.threads,
        ...(flags.adapter !== undefined && { adapter: flags.adapter }),
        ...(flags.saeTokens !== undefined && { saeTokens: flags.saeTokens }),
      }),
      settings,
      question,
      version,
      environment: { threads: flags.threads, node: process.version },
      now: io.now,
      signal: io.signal,
      onRead: ({ texts, chosen, rows, truncated, pairs }) => {
        sayRead({ file: texts, what: usedTexts(rows.length, chosen), rows, truncated }, io);
        if (pairs) sayRead({ file: pairs, what: counted(pairs.pairs.length, 'pair') }, io);
      },
      onEvent: progress.event,
    });
  } finally {
    progress.stop();
  }
}

export function printResult(flags: RunFlags, report: AuditReport, html: string, io: Io): void {
  if (flags.json) {
    const { agreement, summary, words, seconds } = report;
    const flagged = words.filter((word) => word.flagged).map(({ word }) => word);
    io.out(
      `${JSON.stringify({ report: html, seconds, summary, flagged, tauB: agreement.tauB })}\n`,
    );
    return;
  }
  io.out(`\n${report.summary.map((sentence) => `- ${sentence}`).join('\n')}\n\nReport: ${html}\n`);
}
