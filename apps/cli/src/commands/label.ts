import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { ChatModel, FeedbackSignal, Labeler, Property } from '@feedprint/core';
import { standardProperties } from '@feedprint/feedback';
import { createModelLabeler, createOfflineLabeler, withGivenLabels } from '@feedprint/labeling';
import type { CostEstimate } from '@feedprint/labeling';
import { hashOf } from '@feedprint/pipeline';
import { chooseLexicon, labelRun, readGivenLabels } from '@feedprint/recipes';
import type { LabelerCalibration } from '@feedprint/recipes';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { openChat } from '../label/chat-flags.ts';
import type { PaidChat } from '../label/chat-flags.ts';
import { exportLabels } from '../label/export-labels.ts';
import { confirmCost } from '../label/confirm-cost.ts';
import { formatTotals } from '../label/format-cost.ts';
import { formatLabels } from '../label/format-labels.ts';
import { addLabelOptions } from '../label/label-flags.ts';
import type { LabelFlags } from '../label/label-flags.ts';
import { withLabelSource } from '../label/sources.ts';
import { createProgressReporter } from '../progress.ts';
import { counted } from '../texts.ts';
import { version } from '../version.ts';

export function addLabelCommand(program: Command, io: Io): void {
  const command = program
    .command('label')
    .description('Explain, classify and score features of an audit, an SAE or records of others.');
  addLabelOptions(command).action(async (flags: LabelFlags) => {
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
  const property = flags.property === undefined ? undefined : propertyNamed(flags.property);
  const question =
    flags.question ??
    (property && `Does the feature go with this in a text: ${property.definition}`) ??
    sourced.question ??
    stated?.question ??
    '';
  const out =
    flags.out ??
    join(
      sourced.folder,
      `${flags.given === undefined ? '' : 'given-'}${flags.labeler === 'offline' ? 'offline' : fileName(flags.model)}`,
    );
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
  const given = flags.given === undefined ? undefined : await readGivenLabels(flags.given);
  const taking = (labeler: Labeler): Labeler => (given ? withGivenLabels(labeler, given) : labeler);
  const labelerOf = (chat: ChatModel): Labeler =>
    taking(createModelLabeler({ chat, concurrency, prompt, reflect, simulate }));
  const labeler = paid
    ? labelerOf(paid.chat)
    : taking(createOfflineLabeler({ ...(signal && { signal }), ...(property && { property }) }));
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
      await exportLabels(result, {
        formats: flags.export ?? [],
        folder: join(out, 'exports'),
        neuronpedia: flags.neuronpedia ?? { modelId: 'MODEL', source: 'SOURCE' },
      });
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

/** A standard property of replies. Throws `usage` for another. */
function propertyNamed(name: string): Property {
  const all = standardProperties();
  const found = all.find((property) => property.name === name);
  if (found) return found;
  throw new FeedprintError({
    code: 'usage',
    message: `there is no property ${name}`,
    remedy: `choose one of ${all.map((property) => property.name).join(', ')}`,
  });
}

/** A chat model's name as that of a folder. */
const fileName = (model = ''): string => model.replace(/[^\w.-]+/g, '-');
