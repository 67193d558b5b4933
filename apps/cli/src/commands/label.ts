import { join } from 'node:path';
import type { ChatModel, FeedbackSignal, Labeler } from '@feedprint/core';
import { createModelLabeler, createOfflineLabeler, explainPrompts } from '@feedprint/labeling';
import type { CostEstimate, ExplainPrompt } from '@feedprint/labeling';
import { hashOf } from '@feedprint/pipeline';
import { chooseLexicon, labelRun, labelers } from '@feedprint/recipes';
import type { LabelerCalibration, LabelerName } from '@feedprint/recipes';
import type { Command } from 'commander';
import { lexiconHelp } from '../feedback/lexicon-help.ts';
import { formerly, usedOnly } from '../flag-rules.ts';
import type { Io } from '../io.ts';
import { addChatOptions, chatFlags, openChat } from '../label/chat-flags.ts';
import type { ChatFlags, PaidChat } from '../label/chat-flags.ts';
import { exportFormats, exportLabels } from '../label/export-labels.ts';
import type { ExportFormat } from '../label/export-labels.ts';
import { confirmCost } from '../label/confirm-cost.ts';
import { formatTotals } from '../label/format-cost.ts';
import { formatLabels } from '../label/format-labels.ts';
import { withLabelSource } from '../label/sources.ts';
import type { SourceFlags } from '../label/sources.ts';
import { addHubOptions, modelHelp } from '../model-options.ts';
import { addThreadsOption, listOf, oneOf, saeHelp, seedHelp, wholeNumber } from '../options.ts';
import { createProgressReporter } from '../progress.ts';
import { counted, maxTextsHelp, textsHelp } from '../texts.ts';
import { version } from '../version.ts';

interface LabelFlags extends ChatFlags, SourceFlags {
  readonly out?: string;
  readonly labeler: LabelerName;
  readonly feedback: string;
  readonly question?: string;
  readonly overwrite?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly calibrate?: boolean;
  readonly explainBy?: ExplainPrompt;
  readonly reflect?: boolean;
  readonly simulate?: boolean;
  readonly secondModel?: string;
  readonly export?: readonly ExportFormat[];
  readonly json?: boolean;
}

export function addLabelCommand(program: Command, io: Io): void {
  const command = program
    .command('label')
    .description('Explain, classify and score features of an audit or an SAE.')
    .option('--run <dir>', 'run of an audit: the features that it kept evidence of')
    .option('--sae <path>', `or ${saeHelp}; needs --sae-model and --texts`)
    .option('--sae-model <name>', `what the SAE was trained on: ${modelHelp}`)
    .option('--texts <file>', textsHelp)
    .option('--max-texts <n>', maxTextsHelp, wholeNumber(1), 1000)
    .option(
      '--feature <n,...>',
      'features of the SAE (default: drawn at random)',
      listOf(wholeNumber(0)),
    )
    .option('--max-features <n>', 'most features', wholeNumber(1), 40)
    .option(
      '--out <dir>',
      'folder for the labels (default: labels/offline or labels/<model> below --run or --sae)',
    )
    .option(
      '--labeler <name>',
      `what explains them: ${labelers.join(', ')}`,
      oneOf(...labelers),
      'offline',
    )
    .option(
      '--feedback <name>',
      `feedback that the offline labeler classifies by: ${lexiconHelp}`,
      'vader',
    )
    .option('--question <text>', 'the yes-or-no question by which features are classified')
    .option('--seed <n>', seedHelp, wholeNumber(0, 0xffff_ffff), 0)
    .option('--overwrite', 'replace labels that other settings made in this folder')
    .option('--dry-run', 'say what asking a chat model would cost, and stop')
    .option('--yes', 'go on where asking costs money')
    .option(
      '--explain-by <name>',
      `how windows are shown to the chat model: ${explainPrompts.join(', ')} (default: levels)`,
      oneOf(...explainPrompts),
    )
    .option('--simulate', 'also score by simulation, where the server gives log-probabilities')
    .option(
      '--reflect',
      'have the chat model criticise and rewrite each explanation, and keep what does better',
    )
    .option(
      '--calibrate',
      'also ask the chat model questions whose answers are known, and correct for it',
    )
    .option('--second-model <name>', 'with --calibrate, another chat model that is asked the same')
    .option(
      '--export <format,...>',
      `also write them into exports below the folder: ${exportFormats.join(', ')}`,
      listOf(oneOf(...exportFormats)),
    )
    .option('--json', 'print the labels as JSON');
  addChatOptions(command);
  formerly(command, '--limit', '--max-features');
  usedOnly(
    command,
    [
      ...chatFlags,
      '--dry-run',
      '--yes',
      '--prompt',
      '--simulate',
      '--reflect',
      '--calibrate',
      '--second-model',
    ],
    {
      when: ({ labeler }) => labeler === 'openai',
      otherwise: 'without --labeler openai',
      remedy: 'choose that labeler',
    },
  );
  usedOnly(
    command,
    ['--sae-model', '--texts', '--max-texts', '--feature', '--seed', '--feedback'],
    {
      when: ({ sae }) => sae !== undefined,
      otherwise: 'without --sae',
      remedy: 'name an SAE',
    },
  );
  addThreadsOption(addHubOptions(command)).action(async (flags: LabelFlags) => {
    await withLabelSource(flags, io, async ({ source, folder, question, signal }) =>
      label(flags, { source, folder, question: flags.question ?? question, signal }, io),
    );
  });
}

type Sourced = Omit<Parameters<Parameters<typeof withLabelSource>[2]>[0], 'signal' | 'question'> & {
  readonly question: string | undefined;
  readonly signal: Pick<FeedbackSignal<'token'>, 'score'> | undefined;
};

async function label(flags: LabelFlags, sourced: Sourced, io: Io): Promise<void> {
  const stated =
    sourced.signal && sourced.question ? undefined : await chooseLexicon(flags.feedback);
  const question = sourced.question ?? stated?.question ?? '';
  const out =
    flags.out ??
    join(sourced.folder, flags.labeler === 'offline' ? 'offline' : fileName(flags.model));
  const source = stated
    ? {
        ...sourced.source,
        identity: { ...sourced.source.identity, feedback: hashOf([...stated.lexicon]) },
      }
    : sourced.source;
  const paid = flags.labeler === 'openai' ? openChat(flags, out, io) : undefined;
  const signal = sourced.signal ?? stated?.signal;
  const concurrency = flags.batchApi ? 10_000 : flags.concurrency;
  const { explainBy: prompt = 'levels', reflect = false, simulate = false } = flags;
  const labelerOf = (chat: ChatModel): Labeler =>
    createModelLabeler({ chat, concurrency, prompt, reflect, simulate });
  const labeler = paid ? labelerOf(paid.chat) : createOfflineLabeler(signal ? { signal } : {});
  const progress = createProgressReporter(io);
  const confirm = (estimate: CostEstimate, features: number): boolean =>
    confirmCost(
      flags,
      {
        ...{ estimate, counts: { features }, price: paid?.price },
        what: counted(features, 'feature'),
      },
      io,
    );
  try {
    const result = await labelRun({
      ...{ out, source, labeler, question, version, concurrency: paid ? concurrency : 1 },
      overwrite: flags.overwrite ?? false,
      ...(paid && { estimate: { labelerOf, maxTokens: flags.answerTokens, confirm } }),
      ...(paid &&
        flags.calibrate && {
          calibration: calibrationOf(flags, {
            paid,
            signal: flags.question === undefined ? signal : undefined,
          }),
        }),
      ...{ now: io.now, signal: io.signal, onEvent: progress.event },
    });
    if (result)
      await exportLabels(result, { formats: flags.export ?? [], folder: join(out, 'exports') });
    if (result) io.out(flags.json ? `${JSON.stringify(result.labels)}\n` : formatLabels(result));
  } finally {
    progress.stop();
    if (paid && !flags.dryRun) io.err(`${formatTotals(paid.ledger.totals())}\n`);
  }
}

/** A question of one's own is about something that no word's class is known of. */
const calibrationOf = (
  { concurrency, seed, secondModel }: LabelFlags,
  { paid, signal }: { readonly paid: PaidChat; readonly signal: Sourced['signal'] },
): LabelerCalibration => ({
  ...{ chat: paid.chat, concurrency, seed },
  ...(signal && { signal }),
  ...(secondModel !== undefined && { second: paid.other(secondModel) }),
});

/** A chat model's name as that of a folder. */
const fileName = (model = ''): string => model.replace(/[^\w.-]+/g, '-');
