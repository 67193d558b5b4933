import { concatColumns, row, takeColumns } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { capture } from '../capture/capture.ts';
import type { Captured } from '../capture/capture.ts';
import type { AuditContext, LayerSite } from '../context.ts';
import type { ModelRole } from '../model-role.ts';
import { match, matchAt } from '../dictionaries/match.ts';
import type { KeptFeature, SiteMatch } from '../dictionaries/match.ts';
import { saeOf, smallSaes } from '../dictionaries/saes.ts';
import type { TrainedSae } from '../dictionaries/saes.ts';
import { known } from '../known.ts';
import { readMatrices, writeMatrices } from '../matrix-files.ts';
import { partKey } from '../parts.ts';
import type { ScoredWord } from '../parts.ts';
import { alongFeedback, changeAttribution } from './change-attribution.ts';
import { histogramSchema, histogramsOf } from './histogram.ts';
import { featureId } from './feature-id.ts';

export const carrierFeatureSchema = z
  .object({
    id: z.string(),
    site: z.string(),
    feature: z.int(),
    carries: z
      .number()
      .describe('Part of the mean shift of the expected next-token feedback that goes with it.'),
    carriesBase: z
      .number()
      .nullable()
      .describe(
        "The same for the base model's most similar feature, at the same positions; null without one.",
      ),
    change: z
      .number()
      .describe(
        "First-order part of the words' shift, along their stated feedback, that goes through its change; nats, mean over words.",
      ),
    onFeedback: z.number().describe('Share of its activation on tokens that the feedback scores.'),
    matchedBase: z.number(),
    matchedLarge: z.number(),
    histogram: histogramSchema.describe('Of its activations at sampled tokens.'),
  })
  .describe('One kept feature and how it relates to the feedback.');

const attributionSchema = z.strictObject({
  shift: z.number().describe('Mean shift of the expected next-token feedback.'),
  explained: z.number(),
  explainedBase: z
    .number()
    .describe("The part that goes with the base model's features that match the kept ones."),
  positions: z.int(),
  features: z.array(carrierFeatureSchema).describe('All kept features, by site.'),
  words: z
    .array(z.array(z.string()))
    .describe('For each word, ids of the features that carry most of its shift, largest first.'),
});

export type CarrierFeature = z.infer<typeof carrierFeatureSchema>;

export type FeatureAttribution = z.infer<typeof attributionSchema> & {
  /** Both attributions, `[words, kept features]`: of probability shifts by regression, of log-probability shifts (nats) by change. */
  contributions(): Readonly<Record<'regression' | 'change', Matrix>>;
};

/** Number of features named per word. */
const PER_WORD = 3;

const FILE = 'contributions.safetensors';

/**
 * Attributes what tuning changed, word by word, to the kept features: by regression on them at sampled positions, and
 * by the change of each where the words are predicted. `carries`, by which features are chosen, comes from the
 * regression: without the features that it names, the model's expected feedback fell further than without those that
 * the change names.
 */
export const attribute = defineStage({
  name: 'attribute',
  needs: { capture, match, change: changeAttribution, saes: smallSaes },
  config: ({ identity, parts }: AuditContext) => ({
    identity,
    perWord: PER_WORD,
    measures: 3,
    statistics: partKey(parts.statistics),
  }),
  work: async ({ context, needs, folder }) => {
    const { parts, words } = context;
    const kept = keptFeatures(context, needs.match);
    const shifts = needs.capture.shifts();
    const stated = Float64Array.from(words, (word) => word.stated);
    const encoded = (role: ModelRole, of: (match: KeptFeature) => number | null) =>
      encodedFeatures(context, needs, role, kept, of, shifts.rows);
    const features = await encoded('tuned', ({ feature }) => feature);
    const base = await encoded('base', ({ baseFeature }) => baseFeature);
    const { contributions, explained } = parts.statistics.attribute(features.values, shifts);
    const ofBase = parts.statistics.attribute(base.values, shifts);
    const change = needs.change.contributions();
    const { n } = needs.change;
    const tokens = features.tokens.subarray(0, shifts.rows);
    const onFeedback = scoredShares(features.values, tokens, words);
    const histograms = histogramsOf(features.values);
    writeMatrices(folder, FILE, { regression: contributions, change });
    await writeJson(folder, 'attribution.json', {
      shift: meanShift(shifts, stated),
      explained,
      explainedBase: ofBase.explained,
      positions: shifts.rows,
      features: kept.map(({ site, match: found }, f): CarrierFeature => {
        const partner = base.columns[f] ?? null;
        return {
          id: featureId({ site: site.site, feature: found.feature }),
          site: site.site,
          feature: found.feature,
          carries: alongStated(contributions, stated, f),
          carriesBase: partner === null ? null : alongStated(ofBase.contributions, stated, partner),
          change: alongFeedback(words, n, (w) => change.data[w * change.columns + f] as number),
          onFeedback: onFeedback[f] as number,
          matchedBase: found.base,
          matchedLarge: found.large,
          // Kept features of the tuned model have a column each.
          histogram: known(histograms[features.columns[f] as number], 'histogram'),
        };
      }),
      words: words.map((_, w) =>
        strongest(contributions, w).map((f) => {
          const { site, match: found } = known(kept[f], 'a feature');
          return featureId({ site: site.site, feature: found.feature });
        }),
      ),
    });
  },
  read: async (folder): Promise<FeatureAttribution> => ({
    ...(await readJson(folder, 'attribution.json', attributionSchema)),
    contributions: () => readMatrices(folder, FILE, ['regression', 'change']),
  }),
});

interface Kept {
  readonly site: LayerSite;
  readonly match: KeptFeature;
}

const keptFeatures = ({ sites }: AuditContext, matches: readonly SiteMatch[]): Kept[] =>
  sites.flatMap((site) => matchAt(matches, site.site).kept.map((each) => ({ site, match: each })));

interface EncodedFeatures {
  /** `[rows, columns]` */
  readonly values: Matrix;
  /** Column of each kept feature; null if there is none. */
  readonly columns: readonly (number | null)[];
  readonly tokens: Int32Array;
}

/** Activations, at the first `rows` sampled tokens, of the features that `of` returns for the kept ones, each once. */
async function encodedFeatures(
  context: AuditContext,
  { capture: captured, saes }: { readonly capture: Captured; readonly saes: readonly TrainedSae[] },
  role: ModelRole,
  kept: readonly Kept[],
  of: (match: KeptFeature) => number | null,
  rows: number,
): Promise<EncodedFeatures> {
  const store = await captured.activations(role, 'sample');
  const blocks: Matrix[] = [];
  const columns: (number | null)[] = [];
  let first = 0;
  for (const site of context.sites) {
    const wanted = kept.filter((each) => each.site === site).map(({ match }) => of(match));
    const distinct = [...new Set(wanted.filter((feature) => feature !== null))];
    const sae = await saeOf(saes, role, 'small', site).load();
    blocks.push(takeColumns(await sae.encode(await store.read(site.site, 0, rows)), distinct));
    await sae.dispose();
    for (const feature of wanted) {
      columns.push(feature === null ? null : first + distinct.indexOf(feature));
    }
    first += distinct.length;
  }
  return { values: concatColumns(blocks), columns, tokens: store.provenance.token };
}

/** A feature's contributions, each weighted by the stated feedback of its word. */
const alongStated = (contributions: Matrix, stated: Float64Array, feature: number): number =>
  stated.reduce(
    (sum, value, w) =>
      sum + value * (contributions.data[w * contributions.columns + feature] as number),
    0,
  );

/** Share of each column's sum on rows whose token is scored. */
function scoredShares(
  features: Matrix,
  tokens: Int32Array,
  words: readonly ScoredWord[],
): number[] {
  const scored = new Set(words.map(({ id }) => id));
  const [all, on] = [new Float64Array(features.columns), new Float64Array(features.columns)];
  for (let r = 0; r < features.rows; r++) {
    const isScored = scored.has(tokens[r] as number);
    row(features, r).forEach((value, f) => {
      all[f] = (all[f] as number) + value;
      if (isScored) on[f] = (on[f] as number) + value;
    });
  }
  return Array.from(all, (sum, f) => (sum > 0 ? (on[f] as number) / sum : 0));
}

function meanShift(shifts: Matrix, stated: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < shifts.data.length; i++) {
    sum += (shifts.data[i] as number) * (stated[i % shifts.columns] as number);
  }
  return sum / shifts.rows;
}

function strongest(contributions: Matrix, word: number): number[] {
  const row = contributions.data.subarray(
    word * contributions.columns,
    (word + 1) * contributions.columns,
  );
  return Array.from(row, (_, f) => f)
    .filter((f) => row[f] !== 0)
    .sort((a, b) => Math.abs(row[b] as number) - Math.abs(row[a] as number) || a - b)
    .slice(0, PER_WORD);
}
