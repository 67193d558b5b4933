import { auditPresets, feedbackGrammar, labelers } from '@feedprint/recipes';
import type { AuditResult } from '@feedprint/recipes';
import type { Command } from 'commander';
import { asksChat, audit, fetchFor } from '../audit/audit.ts';
import { auditConfigSchema } from '../audit/audit-config.ts';
import type { AuditConfig } from '../audit/audit-config.ts';
import { formatAnswer } from '../audit/format-answer.ts';
import { readAuditConfig } from '../audit/config-file.ts';
import { commandLine } from '../command-line.ts';
import type { Io } from '../io.ts';
import { budgetHelp, priceHelp, tokenPrice } from '../label/token-price.ts';
import {
  adapterHelp,
  addDeviceOption,
  addHubOptions,
  modelHelp,
  tunedHelp,
} from '../model-options.ts';
import { addThreadsOption, decimal, layersHelp, oneOf, seedHelp, wholeNumber } from '../options.ts';
import { openBeside } from '../dashboard/open-beside.ts';
import { createProgressReporter } from '../progress.ts';
import { chatTemplateHelp, mapHelp, namedPairsHelp, sayPairs, sayWritten } from '../pairs.ts';
import {
  freshRepliesHelp,
  maxPairsHelp,
  maxTextsHelp,
  ratedInWords,
  ratingsHelp,
  sayRead,
  textsHelp,
  toldHelp,
  usedTexts,
} from '../texts.ts';

/** What the commands themselves read of their flags; the rest are options of `audit`. */
export interface RunFlags {
  readonly out: string;
  readonly json?: boolean;
}

interface AuditFlags extends RunFlags {
  readonly dashboard?: boolean;
  readonly config?: string;
}

export function addAuditCommand(program: Command, io: Io): void {
  const command = program
    .command('audit')
    .description(
      'Compare a base model with the model tuned from it and report what the feedback taught.',
    )
    .option('--base <name>', `base ${modelHelp}`)
    .option('--tuned <name>', tunedHelp)
    .option('--adapter <name>', adapterHelp)
    .option(
      '--siblings <dir...>',
      'other tunings of the base on the same feedback (other seeds, a clean twin): checkpoints, for how far runs lie apart',
    )
    .option('--texts <file>', textsHelp)
    .option(
      '--pairs <file>',
      `${namedPairsHelp}; without --texts, their prompts with either reply are the texts`,
    )
    .option('--ratings <file>', ratingsHelp)
    .option('--map <columns>', mapHelp)
    .option('--chat-template <name>', chatTemplateHelp)
    .option('--max-pairs <n>', maxPairsHelp, wholeNumber(1))
    .option('--fresh-replies <n>', freshRepliesHelp, wholeNumber(0))
    .option(
      '--feedback <name>',
      `what the tuner rewarded, if more is known than the pairs: ${feedbackGrammar}`,
    )
    .option('--rubric <text>', 'what a judge grades by: a text, or a file of one')
    .option('--judge-model <name>', 'chat model that judges; its key is read from OPENAI_API_KEY')
    .option('--judge-url <url>', 'base URL of its OpenAI-compatible server')
    .option(
      '--difference-features <n>',
      'features of what the replies of pairs differ in to the base, judged as properties; 0 leaves them out (default: 32)',
      wholeNumber(0),
    )
    .option(
      '--describe-models <one,other>',
      'two chat models that find properties in words: the first describes what preferred replies have, and what both see alike in others is judged; their key is read from OPENAI_API_KEY',
    )
    .option('--describe-url <url>', 'base URL of their OpenAI-compatible server')
    .option('--told <file>', toldHelp)
    .option(
      '--prediction <dir>',
      'folder of a prediction made before tuning (feedprint predict), to say how right it was',
    )
    .option('--out <dir>', 'folder for the run; an interrupted run continues')
    .option(
      '--config <file>',
      'options that the flags leave out (default: feedprint.config.ts, .js, .mjs or .json in the working directory)',
    );
  command.option('--dashboard', 'watch the run in the browser while it goes on');
  addHubOptions(addRunFlags(command)).action(async (flags: AuditFlags) => {
    const config = await readAuditConfig(flags.config, process.cwd());
    const options = { ...config, ...givenOptions(command) };
    const dashboard = flags.dashboard ? await openBeside(options.out, io) : undefined;
    try {
      printResult(flags, await auditWith(options, commandLine(program), io), io);
    } finally {
      await dashboard?.close();
    }
  });
}

/** Defaults that a command of its own has. */
interface UsualSizes {
  readonly layers: number;
  readonly saeTokens: number;
  readonly changeTokens: number;
  /** Default: all. */
  readonly maxTexts?: number;
}

const usual: UsualSizes = { layers: 5, saeTokens: 200_000, changeTokens: 40_000 };

export function addRunFlags(
  command: Command,
  { layers, saeTokens, changeTokens, maxTexts }: UsualSizes = usual,
): Command {
  command
    .option(
      '--preset <name>',
      `where defaults come from: ${auditPresets.join(', ')}`,
      oneOf(...auditPresets),
      'default',
    )
    .option('--seed <n>', seedHelp, wholeNumber(0, 0xffff_ffff), 0)
    .option('--layers <n>', layersHelp(layers), wholeNumber(1))
    .option(
      '--max-texts <n>',
      maxTexts === undefined ? maxTextsHelp : `${maxTextsHelp} (default: ${maxTexts})`,
      wholeNumber(1),
    )
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
      '--location-tokens <n>',
      'tokens to exchange parts of the models on; 0 leaves it out (default: 2000)',
      wholeNumber(0),
    )
    .option(
      '--placebo-tokens <n>',
      'tokens to judge models on that never saw the feedback; 0 leaves it out (default: 8000)',
      wholeNumber(0),
    )
    .option(
      '--on-policy-tokens <n>',
      'tokens that each model writes, for the shifts of words in its own contexts; 0 leaves it out (default: 2000)',
      wholeNumber(0),
    )
    .option(
      '--cause-tokens <n>',
      'tokens to look for directions that carry the effect on, and as many to test them; 0 leaves it out (default: 1000)',
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
    .option('--price <in,out>', `of the openai labeler: ${priceHelp}`, tokenPrice)
    .option('--budget <dollars>', `of the openai labeler: ${budgetHelp}`, decimal())
    .option(
      '--overwrite',
      'replace the results of a run with other settings in this folder; stages that both share are kept',
    )
    .option(
      '--quick',
      'stop after the first findings, which need no dictionaries; without it, the same command continues',
    )
    .option('--json', 'print the result as JSON');
  return addDeviceOption(addThreadsOption(command), 'models run and SAEs train on');
}

/** Runs an audit with this process's proxies, key and clock, and shows its progress. `typed`: the command as its report states it. */
export async function auditWith(
  config: Partial<AuditConfig>,
  typed: string,
  io: Io,
): Promise<AuditResult> {
  const progress = createProgressReporter(io);
  try {
    return await audit({
      overwrite: false,
      command: typed,
      ...config,
      ...(asksChat(config) && {
        apiKey: config.apiKey ?? io.env.OPENAI_API_KEY ?? '',
      }),
      fetch: config.fetch ?? fetchFor(config, io.env),
      now: config.now ?? io.now,
      signal: AbortSignal.any([io.signal, ...(config.signal ? [config.signal] : [])]),
      onRead: (inputs) => {
        const { texts, chosen, rows, truncated, pairs, ratings, written } = inputs;
        sayRead({ file: texts, what: usedTexts(rows.length, chosen), rows, truncated }, io);
        if (pairs) sayPairs(pairs, io);
        if (ratings) sayRead({ file: ratings, what: ratedInWords(ratings.ratings) }, io);
        if (written) sayWritten(written, io);
        config.onRead?.(inputs);
      },
      onFirst: (result) => {
        if (!config.quick) progress.say(`${result.report.answer.sentence} (${result.html})`);
        config.onFirst?.(result);
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

export function printResult(flags: RunFlags, { report, html }: AuditResult, io: Io): void {
  const { answer, summary, words, agreement, seconds } = report;
  if (flags.json) {
    const flagged = words?.filter((word) => word.flagged).map(({ word }) => word);
    const tauB = agreement?.tauB;
    const whole = report.pending === undefined;
    io.out(`${JSON.stringify({ report: html, whole, seconds, answer, summary, flagged, tauB })}\n`);
    return;
  }
  io.out(`\n${formatAnswer(answer, io.columns)}\n\nReport: ${html}\n`);
}
