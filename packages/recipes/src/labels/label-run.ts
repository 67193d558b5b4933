import { join } from 'node:path';
import type { ChatModel, FeatureEvidence, Labeler } from '@feedprint/core';
import { createEstimatingChat } from '@feedprint/labeling';
import type { CostEstimate } from '@feedprint/labeling';
import { defineStage, readJson, withRun, writeJson, writeParquet } from '@feedprint/pipeline';
import { roganGladen } from '@feedprint/probe';
import { z } from 'zod';
import type { FollowedRun } from '../followed-run.ts';
import { partKey } from '../audit/parts.ts';
import { calibrateLabeler } from '../judges/calibrate-labeler.ts';
import type { LabelerCalibration } from '../judges/calibrate-labeler.ts';
import { correctedRateSchema, judgeCalibrationSchema } from '../judges/judge-calibration.ts';
import { labelEnrichmentSchema } from './enrich-labels.ts';
import { evidenceListSchema } from './evidence-schema.ts';
import { featureLabelSchema, labelFeatures } from './label-features.ts';
import type { FeatureLabel } from './label-features.ts';
import { labelColumns, labelRows } from './label-table.ts';
import type { LabelSource } from './label-source.ts';

export interface LabelRunOptions extends FollowedRun {
  /** Folder of the run; an interrupted one in it is continued. */
  readonly out: string;
  /** Replace labels of other settings in this folder. Default: refuse. */
  readonly overwrite?: boolean;
  readonly source: LabelSource;
  readonly labeler: Labeler;
  readonly question: string;
  /** Features under way at once. Default: 1. */
  readonly concurrency?: number;
  /** What asking a chat model would take, once the evidence is there. */
  readonly estimate?: {
    /** The labeler that asks this chat model. */
    readonly labelerOf: (chat: ChatModel) => Labeler;
    /** Tokens that an answer may have. */
    readonly maxTokens: number;
    /** The run stops if it returns false. */
    readonly confirm: (estimate: CostEstimate, features: number) => boolean;
  };
  /** Also asks the judge questions whose answers are known, and corrects the share of related features. */
  readonly calibration?: LabelerCalibration;
}

export const labelsSchema = z.strictObject({
  format: z.literal('feedprint-labels/1'),
  labeler: z.string(),
  question: z.string(),
  features: z.array(featureLabelSchema),
  related: correctedRateSchema
    .nullable()
    .describe(
      'Share of related features, corrected for the judge (Rogan and Gladen); null where it was not calibrated.',
    ),
  judge: z.array(judgeCalibrationSchema).nullable(),
  enrichment: labelEnrichmentSchema.nullable().describe('Null where there is no feedback.'),
});

/** Contents of labels.json. */
export type Labels = z.infer<typeof labelsSchema>;

/** Labels and the evidence that they rest on, in the same order. */
export interface LabelResult {
  readonly labels: Labels;
  readonly evidence: readonly FeatureEvidence[];
  /** Absolute path of labels.json. */
  readonly file: string;
}

interface LabelContext extends Pick<LabelRunOptions, 'source' | 'labeler' | 'question'> {
  readonly calibration: LabelerCalibration | undefined;
  readonly concurrency: number;
  readonly version: string;
}

const evidence = defineStage({
  name: 'evidence',
  needs: {},
  config: ({ source, version }: LabelContext) => ({ feedprint: version, source: source.identity }),
  work: async ({ context, folder, stage }) =>
    writeJson(folder, 'evidence.json', await context.source.gather(stage)),
  read: (folder) => readJson(folder, 'evidence.json', evidenceListSchema),
});

const label = defineStage({
  name: 'label',
  needs: { evidence },
  config: ({ labeler, question }: LabelContext) => ({ labeler: partKey(labeler), question }),
  work: async ({ context, needs, folder, stage }) => {
    const { length } = needs.evidence;
    const onLabel = (done: number): void => stage.progress(done, length, 'features');
    await writeJson(
      folder,
      'labels.json',
      await labelFeatures(needs.evidence, { ...context, onLabel }),
    );
  },
  read: (folder) => readJson(folder, 'labels.json', z.array(featureLabelSchema)),
});

const judge = defineStage({
  name: 'judge',
  needs: { evidence },
  config: ({ labeler, question, calibration }: LabelContext) => ({
    labeler: partKey(labeler),
    question,
    second: calibration?.second?.name ?? null,
    seed: calibration?.seed ?? null,
  }),
  work: async ({ context, needs, folder }) => {
    const { calibration, question } = context;
    const found = calibration && (await calibrateLabeler(calibration, needs.evidence, question));
    await writeJson(folder, 'judge.json', found ?? []);
  },
  read: (folder) => readJson(folder, 'judge.json', z.array(judgeCalibrationSchema)),
});

/**
 * Explains, classifies and scores features in a run of its own: `labels.json`, `tables/labels.parquet`. Undefined if
 * `estimate.confirm` stopped it. Throws `run-invalid` for a folder that has something else or other settings, and what the
 * source and the labeler throw.
 */
export function labelRun(options: LabelRunOptions): Promise<LabelResult | undefined> {
  const { out, source, labeler, question, concurrency = 1, version } = options;
  const { estimate, overwrite, now, signal, onEvent } = options;
  const { calibration } = options;
  const context: LabelContext = { source, labeler, question, concurrency, version, calibration };
  const stages = calibration ? [judge, label] : [label];
  const description = {
    format: 'feedprint-label-run/1',
    feedprint: version,
    inputs: source.identity,
    settings: { labeler: partKey(labeler), question },
  };
  return withRun(
    {
      ...{ folder: out, description, stages, context },
      ...{ command: options.command, overwrite, now, signal, onEvent },
    },
    async (run) => {
      const seen = (await run.outputs({ evidence })).evidence;
      if (estimate) {
        const cost = await costOfLabels(seen, { ...options, ...estimate });
        if (!estimate.confirm(cost, seen.length)) return undefined;
      }
      await run.finish();
      const features = (await run.outputs({ label })).label;
      const judged = calibration ? (await run.outputs({ judge })).judge : null;
      const labels = await publish(run.store, options, { features, judged });
      return { labels, evidence: seen, file: join(run.store.folder, 'labels.json') };
    },
  );
}

async function publish(
  store: { readonly folder: string; publish(name: string, content: string): Promise<void> },
  { source, labeler, question }: LabelRunOptions,
  {
    features,
    judged,
  }: { readonly features: readonly FeatureLabel[]; readonly judged: Labels['judge'] },
): Promise<Labels> {
  const labels: Labels = {
    format: 'feedprint-labels/1',
    labeler: labeler.name,
    question,
    features: [...features],
    related: judged && relatedShare(features, judged),
    judge: judged,
    enrichment: (await source.enrich?.(features)) ?? null,
  };
  const file = join(store.folder, 'tables', 'labels.parquet');
  await writeParquet({ file, columns: labelColumns, rows: labelRows(features) });
  await store.publish('labels.json', `${JSON.stringify(labels, null, 1)}\n`);
  return labels;
}

function relatedShare(
  features: readonly FeatureLabel[],
  judged: NonNullable<Labels['judge']>,
): Labels['related'] {
  const classes = judged.find(({ task }) => task === 'classification');
  if (!classes) return null;
  const answered = features.filter(({ related }) => related !== null);
  const events = answered.filter(({ related }) => related).length;
  const { sensitivity, specificity } = classes;
  const observed = { events, trials: answered.length };
  return roganGladen({ sensitivity, specificity, observed });
}

async function costOfLabels(
  seen: readonly FeatureEvidence[],
  {
    question,
    calibration,
    labelerOf,
    maxTokens,
  }: Pick<LabelRunOptions, 'question' | 'calibration'> & NonNullable<LabelRunOptions['estimate']>,
): Promise<CostEstimate> {
  const counted = createEstimatingChat({ maxTokens });
  await labelFeatures(seen, { labeler: labelerOf(counted.chat), question });
  if (calibration) {
    const { second: _, ...asked } = calibration;
    const judges = calibration.second ? 2 : 1;
    for (let i = 0; i < judges; i++) {
      await calibrateLabeler({ ...asked, chat: counted.chat }, seen, question);
    }
  }
  return counted.estimate();
}
