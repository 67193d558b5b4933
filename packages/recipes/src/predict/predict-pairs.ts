import { join } from 'node:path';
import type { CheckpointModel } from '@feedprint/activations';
import { measureProperties, standardProperties } from '@feedprint/feedback';
import type { PairFile } from '@feedprint/feedback';
import { withRun, writeParquet } from '@feedprint/pipeline';
import { predictProperties } from '@feedprint/probe';
import type { PredictedProperty, Declared } from '@feedprint/probe';
import { renderPrediction } from '@feedprint/report';
import type { FollowedRun } from '../followed-run.ts';
import { assertIndependent } from '../audit/independent-groups.ts';
import { preparePairs } from '../audit/pairs/inputs.ts';
import { known } from '../audit/known.ts';
import { numbered } from '../audit/linked-replies.ts';
import { labelledPairs } from '../audit/pairs/prepared-pairs.ts';
import type { FreshReply } from '../audit/properties/fresh-replies.ts';
import { parseAuditSettings } from '../audit/settings.ts';
import { partKey } from '../audit/parts.ts';
import type { PredictContext } from './context.ts';
import { tiltReplies, writtenReplies } from './tilted.ts';
import type { TiltedReplies } from './tilted.ts';
import type { Prediction } from './schema.ts';
import { predictSettingsSchema } from './settings.ts';
import type { PredictSettings } from './settings.ts';
import { predictedPrompts, written } from './written.ts';

export interface PredictOptions extends FollowedRun {
  /** The model that is to be tuned. */
  readonly base: CheckpointModel;
  readonly pairs: PairFile;
  /** What is to be asked for, by name of a property: above 0 more of it. */
  readonly told?: ReadonlyMap<string, Declared>;
  readonly settings?: Partial<PredictSettings>;
  readonly threads?: number;
  /** Folder of the run; an interrupted one continues. */
  readonly out: string;
}

/**
 * Predicts from a base and a file of pairs what DPO on them would teach of properties of replies, as a run in a folder with
 * `predict.json`, a page and a table. Throws `texts-invalid` for pairs that leave nothing to compare or are too few, `run-invalid`, `cancelled`.
 */
export async function predictPairs(options: PredictOptions): Promise<Prediction> {
  const { base, pairs: file, told, threads, out, version, now, signal, onEvent } = options;
  const settings = predictSettingsSchema.parse(options.settings ?? {});
  const { seed, maxPairs, chatTemplate } = settings;
  const pairs = preparePairs(file, parseAuditSettings({ seed, maxPairs, chatTemplate }), base);
  assertIndependent(pairs.groups, { what: 'pairs', file: file.file });
  const properties = {
    ...{ name: 'measured properties', settings: {} },
    measured: () => standardProperties({ tokenizer: base.tokenizer }),
  };
  const inputs = { base: base.fingerprint, pairs: file.sha256 };
  const context: PredictContext = {
    ...{ base, pairs, settings, properties, told, threads },
    identity: { feedprint: version, ...inputs, threads },
  };
  return withRun(
    {
      folder: out,
      description: {
        format: 'feedprint-prediction-run/1',
        feedprint: version,
        inputs: { ...inputs, pairsFile: file.file },
        settings: { ...settings, ...(threads !== undefined && { threads }) },
        parts: { properties: properties.measured().map(partKey) },
        ...(told && { told: [...told] }),
      },
      stages: [written],
      context,
      worksOn: { base: base.name, pairs: file.file },
      ...{ command: options.command, now, signal, onEvent },
    },
    async (run) => {
      await run.finish();
      const { written: tokens } = await run.outputs({ written });
      const replies = writtenReplies(context, tokens);
      const tilted = tiltReplies(context, replies);
      const found = await judge(context, replies, tilted);
      const prediction = predictionOf(options, context, { found, l2: tilted.l2 });
      await writeParquet({
        file: join(run.store.folder, 'tables', 'predicted_properties.parquet'),
        ...predictedTable(prediction),
      });
      await run.store.publish('predict.json', `${JSON.stringify(prediction, null, 1)}\n`);
      await run.store.publish('report.html', renderPrediction(prediction));
      return prediction;
    },
  );
}

async function judge(
  context: PredictContext,
  replies: readonly FreshReply[],
  { ratios, placebo }: TiltedReplies,
): Promise<PredictedProperty[]> {
  const { base, pairs, properties, told } = context;
  const measured = properties.measured(base.tokenizer);
  const half = replies.length / 2;
  const halves = (values: Float64Array) => ({
    first: values.subarray(0, half),
    second: values.subarray(half),
  });
  const labelled = labelledPairs(pairs).map(({ record }) => record);
  const of = (side: 'chosen' | 'rejected'): Promise<Float64Array[]> =>
    measureProperties(
      measured,
      labelled.map(({ prompt, [side]: reply }) => ({ prompt, reply })),
    );
  return predictProperties({
    names: measured.map(({ name }) => name),
    replies: {
      first: await measureProperties(measured, replies.slice(0, half)),
      second: await measureProperties(measured, replies.slice(half)),
      ratios: halves(ratios),
      placebo: halves(placebo),
      prompts: numbered(predictedPrompts(context).map(({ prompt }) => prompt)),
    },
    labels: {
      ...{ chosen: await of('chosen'), rejected: await of('rejected') },
      weights: Float64Array.from(labelled, ({ weight = 1 }) => weight),
      ties: Uint8Array.from(labelled, ({ tie }) => Number(tie ?? false)),
      groups: pairs.groups,
    },
    ...(told && { told }),
  });
}

function predictionOf(
  { version, command }: PredictOptions,
  { base, pairs, settings, properties }: PredictContext,
  { found, l2 }: { readonly found: readonly PredictedProperty[]; readonly l2: number },
): Prediction {
  const measured = properties.measured(base.tokenizer);
  const described = (name: string) => {
    const { definition, inWords } = known(
      measured.find((one) => one.name === name),
      name,
    );
    return { definition, ...(inWords && { inWords }) };
  };
  const { file, sha256, layout } = pairs.file;
  return {
    format: 'feedprint-prediction/1',
    feedprint: version,
    base: { name: base.name, fingerprint: base.fingerprint },
    pairs: { file, sha256, layout, compared: pairs.records.length },
    penalty: l2,
    replies: 2 * Math.floor(settings.freshReplies / 2),
    properties: found.map((one) => ({ ...one, ...described(one.name) })),
    command: command ?? null,
  };
}

const predictedTable = ({ properties }: Prediction) =>
  ({
    columns: {
      name: 'VARCHAR',
      verdict: 'VARCHAR',
      told: 'DOUBLE',
      inData: 'DOUBLE',
      inDataLow: 'DOUBLE',
      inDataHigh: 'DOUBLE',
      difference: 'DOUBLE',
      learned: 'DOUBLE',
      learnedLow: 'DOUBLE',
      learnedHigh: 'DOUBLE',
      share: 'DOUBLE',
      shareLow: 'DOUBLE',
      shareHigh: 'DOUBLE',
      placebo: 'DOUBLE',
    },
    rows: properties.map(
      ({ name, verdict, told, inData, difference, learned, share, placebo }) => ({
        ...{ name, verdict, told, difference, placebo },
        ...{ inData: inData.effect, inDataLow: inData.low, inDataHigh: inData.high },
        ...{ learned: learned.effect, learnedLow: learned.low, learnedHigh: learned.high },
        ...{ share: share.value, shareLow: share.low, shareHigh: share.high },
      }),
    ),
  }) as const;
