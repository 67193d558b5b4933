import { availableParallelism } from 'node:os';
import { auditPresets, labelers } from '@feedprint/recipes';
import type { AuditReport, AuditResult } from '@feedprint/recipes';
import type { Command } from 'commander';
import { audit, fetchFor } from '../audit/audit.ts';
import { auditConfigSchema } from '../audit/audit-config.ts';
import type { AuditConfig } from '../audit/audit-config.ts';
import { readAuditConfig } from '../audit/config-file.ts';
import { lexiconHelp } from '../feedback/lexicon-help.ts';
import type { Io } from '../io.ts';
import { modelHelp } from '../model-options.ts';
import { oneOf, wholeNumber } from '../options.ts';
import { createProgressReporter } from '../progress.ts';
import { counted, pairsHelp, sayRead, textsHelp, usedTexts } from '../texts.ts';

/** What the commands themselves read of their flags; the rest are options of `audit`. */
export interface RunFlags {
  readonly out: string;
  readonly json?: boolean;
}

interface AuditFlags extends RunFlags {
  readonly config?: string;
}

export function addAuditCommand(program: Command, io: Io): void {
  const command = program
    .command('audit')
    .description('Compare a base and a tuned model and report what the feedback taught.')
    .option('--base <name>', `base ${modelHelp}`)
    .option('--tuned <name>', 'the model tuned from it (default with --adapter: the base)')
    .option('--adapter <dir>', 'LoRA adapter to merge into the tuned model')
    .option('--texts <file>', textsHelp)
    .option('--pairs <file>', `${pairsHelp}; without --texts their replies are the texts`)
    .option('--max-pairs <n>', 'read a sample of this many pairs at most', wholeNumber(1))
    .option('--feedback <name>', `what the tuner rewarded: ${lexiconHelp}`)
    .option('--out <dir>', 'folder of the run; an interrupted one continues')
    .option(
      '--config <file>',
      'options that flags leave out (default: feedprint.config.ts, .js, .mjs or .json of the working directory)',
    );
  addRunFlags(command).action(async (flags: AuditFlags) => {
    const config = await readAuditConfig(flags.config, process.cwd());
    const { report, html } = await auditWith({ ...config, ...givenOptions(command) }, io);
    printResult(flags, report, html, io);
  });
}

export function addRunFlags(command: Command): Command {
  return command
    .option(
      '--preset <name>',
      `where defaults come from: ${auditPresets.join(', ')}`,
      oneOf(...auditPresets),
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

/** Runs an audit with this process's proxies, key and clock, and shows its progress. */
export async function auditWith(config: Partial<AuditConfig>, io: Io): Promise<AuditResult> {
  const progress = createProgressReporter(io);
  try {
    return await audit({
      ...config,
      ...(config.labeler === 'openai' && {
        apiKey: config.apiKey ?? io.env.OPENAI_API_KEY ?? '',
      }),
      fetch: config.fetch ?? fetchFor(config, io.env),
      now: config.now ?? io.now,
      signal: AbortSignal.any([io.signal, ...(config.signal ? [config.signal] : [])]),
      onRead: (inputs) => {
        const { texts, chosen, rows, truncated, pairs } = inputs;
        sayRead({ file: texts, what: usedTexts(rows.length, chosen), rows, truncated }, io);
        if (pairs) sayRead({ file: pairs, what: counted(pairs.pairs.length, 'pair') }, io);
        config.onRead?.(inputs);
      },
      onEvent: (event) => {
        progress.event(event);
        config.onEvent?.(event);
      },
    } as AuditConfig);
  } finally {
    progress.stop();
  }
}

/** What the command line itself gives, defaults left out: options of an audit, by their names. */
export const givenOptions = (command: Command): Partial<AuditConfig> =>
  Object.fromEntries(
    Object.entries(command.opts()).filter(
      ([key]) => key in auditConfigSchema.shape && command.getOptionValueSource(key) === 'cli',
    ),
  );

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
