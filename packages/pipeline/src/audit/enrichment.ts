import type { Artifact, AuditReport, Matrix } from '@feedprint/core';
import { storeFolder } from './capture.ts';
import type { RowSet } from './capture.ts';
import type { AuditContext } from './context.ts';
import { known } from './files.ts';
import type { LabeledFeature } from './label.ts';
import type { TunedSaes } from './validate.ts';

export interface FeatureEnrichment {
  readonly oddsRatio: number | null;
  readonly fisherP: number | null;
}

/** Rows of each kind that are looked at. */
const ROWS = 4000;
/** Share of the largest stated feedback from which a token counts as strongly rewarded. */
const STRONG = 0.5;

/**
 * Are features active more often on strongly rewarded tokens than on tokens without feedback? One table per feature,
 * and one for "any feature classified as related".
 */
export async function enrichment(
  context: AuditContext,
  capture: Artifact,
  labels: readonly LabeledFeature[],
  saes: TunedSaes,
): Promise<{
  readonly related: AuditReport['validation']['enrichment'];
  readonly features: Readonly<Record<string, FeatureEnrichment>>;
}> {
  const { words, parts } = context;
  const largest = Math.max(...words.map(({ stated }) => Math.abs(stated)));
  const strong = new Set(
    words.filter(({ stated }) => Math.abs(stated) >= STRONG * largest).map(({ id }) => id),
  );
  const scored = new Set(words.map(({ id }) => id));
  const onStrong = await activity(context, capture, 'words', (id) => strong.has(id), labels, saes);
  const onOthers = await activity(
    context,
    capture,
    'sample',
    (id) => !scored.has(id),
    labels,
    saes,
  );

  const test = (active: (rows: readonly Uint8Array[]) => number) => {
    const [a, c] = [active(onStrong.active), active(onOthers.active)];
    return parts.statistics.enrichment([
      [a, onStrong.rows - a],
      [c, onOthers.rows - c],
    ]);
  };
  const features = Object.fromEntries(
    labels.map(({ id }, i) => {
      const { oddsRatio, p } = test((active) => count(known(active[i], id)));
      return [id, { oddsRatio, fisherP: p }];
    }),
  );
  const relatedIndex = labels.flatMap(({ related }, i) => (related ? [i] : []));
  const any = test((active) => countAny(relatedIndex.map((i) => known(active[i], 'activity'))));
  return {
    related: {
      oddsRatio: relatedIndex.length > 0 ? any.oddsRatio : null,
      p: relatedIndex.length > 0 ? any.p : null,
      n: onStrong.rows + onOthers.rows,
    },
    features,
  };
}

interface Activity {
  readonly rows: number;
  /** Per labelled feature, 1 for every row on which it is active. */
  readonly active: readonly Uint8Array[];
}

async function activity(
  { parts }: AuditContext,
  capture: Artifact,
  set: RowSet,
  keep: (token: number) => boolean,
  labels: readonly LabeledFeature[],
  saes: TunedSaes,
): Promise<Activity> {
  const store = await parts.activations.open(storeFolder(capture, 'tuned', set));
  const indices: number[] = [];
  for (let r = 0; r < store.rows && indices.length < ROWS; r++) {
    if (keep(store.provenance.token[r] as number)) indices.push(r);
  }
  const encoded = new Map<string, Matrix>();
  const end = (indices.at(-1) ?? -1) + 1;
  for (const site of new Set(labels.map((label) => label.site))) {
    encoded.set(site, await known(saes.get(site), site).encode(await store.read(site, 0, end)));
  }
  return {
    rows: indices.length,
    active: labels.map(({ site, feature }) => {
      const z = known(encoded.get(site), site);
      return Uint8Array.from(indices, (r) =>
        (z.data[r * z.columns + feature] as number) > 0 ? 1 : 0,
      );
    }),
  };
}

const count = (active: Uint8Array): number => active.reduce((sum, value) => sum + value, 0);

function countAny(features: readonly Uint8Array[]): number {
  const rows = features[0]?.length ?? 0;
  let sum = 0;
  for (let r = 0; r < rows; r++) if (features.some((active) => active[r] === 1)) sum++;
  return sum;
}
