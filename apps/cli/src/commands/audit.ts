import { runAudit } from '@feedprint/recipes';
import type { AuditReport, AuditResult, AuditSettingsInput } from '@feedprint/recipes';
import type { Command } from 'commander';
import { assembleParts } from '../assemble.ts';
import { commandLine } from '../command-line.ts';
import { chooseLexicon, lexiconHelp } from '../feedback/choose-lexicon.ts';
import { usedOnly } from '../flag-rules.ts';
import type { Io } from '../io.ts';
import { createLabeler, labelers } from '../labelers.ts';
import type { LabelerOptions } from '../labelers.ts';
import {
  adapterHelp,
  addDeviceOption,
  addHubOptions,
  modelHelp,
  tunedHelp,
  tunedName,
} from '../model-options.ts';
import type { ModelFlags } from '../model-options.ts';
import { addThreadsOption, layersHelp, oneOf, seedHelp, wholeNumber } from '../options.ts';
import { presets } from '../presets.ts';
import type { Preset } from '../presets.ts';
import { createProgressReporter } from '../progress.ts';
import { counted, maxTextsHelp, pairsHelp, sayRead, textsHelp, usedTexts } from '../texts.ts';
import { version } from '../version.ts';

/** Flags that `audit` and `demo` share. */
export interface RunFlags
  extends LabelerOptions, Pick<ModelFlags, 'threads' | 'device' | 'revision' | 'offline'> {
  readonly out: string;
  readonly preset: Preset;
  readonly seed: number;
  readonly layers?: number;
  readonly maxTexts?: number;
  readonly maxPairs?: number;
  readonly sampleTokens?: number;
  readonly saeTokens?: number;
  readonly changeTokens?: number;
  readonly overwrite?: boolean;
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
    .description(
      'Compare a base model with the model tuned from it and report what the feedback taught.',
    )
    .requiredOption('--base <name>', `base ${modelHelp}`)
    .option('--tuned <name>', tunedHelp)
    .option('--adapter <name>', adapterHelp)
    .option('--texts <file>', textsHelp)
    .option(
      '--pairs <file>',
      `${pairsHelp}; without --texts, their prompts with either reply are the texts`,
    )
    .option('--max-pairs <n>', 'read a random sample of at most this many pairs', wholeNumber(1))
    .requiredOption('--feedback <name>', `what the tuner rewarded: ${lexiconHelp}`)
    .requiredOption('--out <dir>', 'folder for the run; an interrupted run continues');
  usedOnly(command, ['--max-pairs'], {
    when: ({ pairs }) => pairs !== undefined,
    otherwise: 'without --pairs',
    remedy: 'add --pairs',
  });
  addHubOptions(addRunFlags(command)).action(async (flags: AuditFlags) => {
    const { report, html } = await auditWith(flags, commandLine(program), io);
    printResult(flags, report, html, io);
  });
}

/** Defaults that the parts have, or a command of its own. */
const usual = { saeTokens: 200_000, changeTokens: 40_000 };

export function addRunFlags(
  command: Command,
  { saeTokens, changeTokens }: typeof usual = usual,
): Command {
  command
    .option(
      '--preset <name>',
      `where defaults come from: ${presets.join(', ')}`,
      oneOf(...presets),
      'default',
    )
    .option('--seed <n>', seedHelp, wholeNumber(0, 0xffff_ffff), 0)
    .option('--layers <n>', layersHelp, wholeNumber(1))
    .option('--max-texts <n>', maxTextsHelp, wholeNumber(1))
    .option(
      '--sample-tokens <n>',
      'tokens whose activations the SAEs are trained on (default: 60000)',
      wholeNumber(1000),
    )
    .option(
      '--sae-tokens <n>',
      `activations to train each SAE on (default: ${saeTokens})`,
      wholeNumber(1),
    )
    .option(
      '--change-tokens <n>',
      `tokens to measure label-free changes on; 0 leaves them out (default: ${changeTokens})`,
      wholeNumber(0),
    )
    .option(
      '--labeler <name>',
      `what explains features: ${labelers.join(', ')}`,
      oneOf(...labelers),
      'offline',
    )
    .option('--labeler-model <name>', 'chat model of the openai labeler', 'gpt-4o')
    .option('--labeler-url <url>', 'base URL of an OpenAI-compatible server for the openai labeler')
    .option(
      '--overwrite',
      'replace the results of a run with other settings in this folder; stages that both share are kept',
    )
    .option('--json', 'print the result as JSON');
  usedOnly(command, ['--labeler-model', '--labeler-url'], {
    when: ({ labeler }) => labeler === 'openai',
    otherwise: 'without --labeler openai',
    remedy: 'add --labeler openai',
  });
  return addDeviceOption(addThreadsOption(command), 'models run and SAEs train on');
}

/** Runs an audit with the command line's parts and shows its progress. */
export async function auditWith(flags: AuditFlags, typed: string, io: Io): Promise<AuditResult> {
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
        device: flags.device,
        ...(flags.revision !== undefined && { revision: flags.revision }),
        ...(flags.offline !== undefined && { offline: flags.offline }),
        ...(flags.adapter !== undefined && { adapter: flags.adapter }),
        ...(flags.saeTokens !== undefined && { saeTokens: flags.saeTokens }),
      }),
      settings,
      question,
      version,
      command: typed,
      overwrite: flags.overwrite ?? false,
      environment: { threads: flags.threads, device: flags.device, node: process.version },
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
