import type { Matrix } from '@feedprint/core';
import { ablation } from '@feedprint/report/chapters/ablation';
import { z } from 'zod';
import type { Captured, RowSet } from '../capture/capture.ts';
import type { AuditContext } from '../context.ts';
import { featureId } from '../features/feature-id.ts';
import type { SiteFeature } from '../features/feature-id.ts';
import type { LabeledFeature } from '../features/label.ts';
import { known } from '../known.ts';
import type { AuditParts } from '../parts.ts';
import { rankP } from './compare-runs.ts';
import { controlDraws, likeFrequent } from './like-frequent.ts';
import type { ControlContext, Densities } from './like-frequent.ts';
import type { TunedSaes } from './plan.ts';

const enrichmentReport = ablation.shape.validation.shape.enrichment;

export const featureEnrichmentSchema = enrichmentReport.pick({
  oddsRatio: true,
  p: true,
  table: true,
  control: true,
});

/**
 * One 2 x 2 table, for a set of features or for random ones to compare with it; a row of `tables/enrichment.parquet`.
 */
export const enrichmentRowSchema = z.strictObject({
  of: z.string().describe('`related`, or the id of the feature.'),
  draw: z.int().nullable().describe('Number of a random one, from 1.'),
  features: z.array(z.string()),
  table: enrichmentReport.shape.table,
  oddsRatio: z.number().nullable(),
  p: z.number().nullable(),
});

type Table = z.infer<typeof enrichmentReport.shape.table>;
export type FeatureEnrichment = z.infer<typeof featureEnrichmentSchema>;
export type EnrichmentRow = z.infer<typeof enrichmentRowSchema>;

/** What the tables depend on besides activations. */
export interface EnrichmentContext extends Pick<AuditContext, 'words'>, ControlContext {
  readonly parts: Pick<AuditParts, 'statistics'>;
}

type ClassifiedFeature = Pick<LabeledFeature, 'id' | 'site' | 'feature' | 'related'>;

export interface EnrichmentResult {
  readonly related: z.infer<typeof enrichmentReport>;
  readonly features: Readonly<Record<string, FeatureEnrichment>>;
  readonly rows: readonly EnrichmentRow[];
}

/** Number of rows of each kind that are looked at. */
const ROWS = 4000;
/** Share of the largest stated feedback above which a token counts as strongly rewarded. */
const STRONG = 0.5;

/**
 * Are features active more often on strongly rewarded tokens than on tokens without feedback? One table per feature,
 * and one for "any feature classified as related", each with those of frequency-matched random features. Strength
 * refers to the stated feedback, never to an estimate. Rows of one word are alike, so that Fisher's p is too small; the
 * random features share that flaw.
 */
export async function enrichment(
  context: EnrichmentContext,
  captured: Pick<Captured, 'activations'>,
  {
    labels,
    saes,
    densities,
  }: {
    readonly labels: readonly ClassifiedFeature[];
    readonly saes: TunedSaes;
    readonly densities: Densities;
  },
): Promise<EnrichmentResult> {
  const { words, parts } = context;
  const largest = Math.max(...words.map(({ stated }) => Math.abs(stated)));
  const strong = new Set(
    words.filter(({ stated }) => Math.abs(stated) >= STRONG * largest).map(({ id }) => id),
  );
  const scored = new Set(words.map(({ id }) => id));
  const onStrong = await activity(captured, saes, 'words', (id) => strong.has(id));
  const onOthers = await activity(captured, saes, 'sample', (id) => !scored.has(id));

  const rows: EnrichmentRow[] = [];
  const test = (
    of: string,
    features: readonly SiteFeature[],
    random: readonly (readonly SiteFeature[])[],
  ): FeatureEnrichment => {
    const tabulate = (set: readonly SiteFeature[], draw: number | null): EnrichmentRow => {
      const [a, c] = [countAny(onStrong, set), countAny(onOthers, set)];
      const table: Table = [
        [a, onStrong.rows - a],
        [c, onOthers.rows - c],
      ];
      return {
        of,
        draw,
        features: set.map(featureId),
        table,
        ...parts.statistics.enrichment(table),
      };
    };
    const own = tabulate(features, null);
    const draws = random.map((set, i) => tabulate(set, i + 1));
    rows.push(own, ...draws);
    const { oddsRatio, p, table } = own;
    return { oddsRatio, p, table, control: controlOf(own, draws) };
  };
  const features = Object.fromEntries(
    labels.map((label) => [
      label.id,
      test(
        label.id,
        [label],
        likeFrequent(label, densities).map((other) => [other]),
      ),
    ]),
  );
  const set = labels.filter(({ related }) => related === true);
  const related = test('related', set, controlDraws(context, 'related', set, densities));
  const n = onStrong.rows + onOthers.rows;
  const none = { oddsRatio: null, p: null, control: null };
  return { related: { ...related, n, ...(set.length === 0 && none) }, features, rows };
}

function controlOf(
  own: EnrichmentRow,
  draws: readonly EnrichmentRow[],
): FeatureEnrichment['control'] {
  const ratios = draws.map(({ table }) => raisedOddsRatio(table)).sort((a, b) => a - b);
  if (ratios.length === 0) return null;
  const middle = (ratios.length - 1) / 2;
  const median =
    ((ratios[Math.floor(middle)] as number) + (ratios[Math.ceil(middle)] as number)) / 2;
  return { oddsRatios: ratios, median, p: rankP(raisedOddsRatio(own.table), ratios) };
}

/** The odds ratio with 0.5 added to each count, which is always defined (Haldane 1956). */
const raisedOddsRatio = ([[a, b], [c, d]]: Table): number =>
  ((a + 0.5) * (d + 0.5)) / ((b + 0.5) * (c + 0.5));

/** Features of the rows looked at, by site: `[rows, dSae]`. */
interface Activity {
  readonly rows: number;
  readonly encoded: ReadonlyMap<string, Matrix>;
  /** Which of the encoded rows are counted. */
  readonly chosen: readonly number[];
}

async function activity(
  captured: Pick<Captured, 'activations'>,
  saes: TunedSaes,
  set: RowSet,
  keep: (token: number) => boolean,
): Promise<Activity> {
  const store = await captured.activations('tuned', set);
  const chosen: number[] = [];
  for (let r = 0; r < store.rows && chosen.length < ROWS; r++) {
    if (keep(store.provenance.token[r] as number)) chosen.push(r);
  }
  const encoded = new Map<string, Matrix>();
  const end = (chosen.at(-1) ?? -1) + 1;
  for (const [site, sae] of saes)
    encoded.set(site, await sae.encode(await store.read(site, 0, end)));
  return { rows: chosen.length, encoded, chosen };
}

/** Rows on which any of the features is active. */
function countAny({ encoded, chosen }: Activity, features: readonly SiteFeature[]): number {
  const isActive = (r: number, { site, feature }: SiteFeature): boolean => {
    const { data, columns } = known(encoded.get(site), site);
    return (data[r * columns + feature] as number) > 0;
  };
  return chosen.filter((r) => features.some((feature) => isActive(r, feature))).length;
}
