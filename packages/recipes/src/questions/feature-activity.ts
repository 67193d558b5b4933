import { row } from '@feedprint/core';
import type { Provenance, SparseAutoencoder } from '@feedprint/core';
import { createShardedStoreFormat } from '@feedprint/activations';
import { encodeRows } from '@feedprint/sae';
import { openCaptured } from '../audit/capture/capture.ts';
import { BINS, binOf } from '../audit/features/histogram.ts';
import type { Histogram } from '../audit/features/histogram.ts';
import { latestStage } from '../labels/stages-named.ts';

/** Tokens that are encoded at most, the first of the captured ones. */
const MOST_ROWS = 200_000;
/** Examples of the strongest activations, and of each quantile below them. */
const TOP = 8;
const PER_QUANTILE = 2;
const QUANTILES = 4;

/** A captured token at which a feature is active. */
export interface ActivePlace {
  readonly text: number;
  readonly position: number;
  readonly activation: number;
  /** 0 for the strongest quarter of its activations, 3 for the weakest. */
  readonly quantile: number;
}

/** Where the features of one SAE are active among the tokens that an audit captured. */
export interface FeatureActivity {
  /** Number of tokens looked at. */
  readonly rows: number;
  histogram(feature: number): Histogram;
  /** The strongest places, then some of each weaker quarter, one place a text. */
  places(feature: number): ActivePlace[];
  /** By position in a text, where the token was captured: 0 where the feature is not active. */
  around(feature: number, text: number): ReadonlyMap<number, number>;
  /** Vocabulary id of the token at which each feature is most active; -1 for one that is never active. */
  readonly topTokens: Int32Array;
}

/** Encodes the captured tokens once; activations are kept by feature. Throws `run-invalid` without a capture. */
export async function readFeatureActivity(
  folder: string,
  sae: SparseAutoencoder,
): Promise<FeatureActivity> {
  const captured = openCaptured(latestStage(folder, 'capture'), {
    activations: createShardedStoreFormat(),
  });
  const store = await captured.activations('tuned', 'sample');
  const rows = Math.min(store.rows, MOST_ROWS);
  const found: { row: number[]; value: number[] }[] = Array.from({ length: sae.dSae }, () => ({
    row: [],
    value: [],
  }));
  for await (const { start, features } of encodeRows(sae, { store, start: 0, end: rows })) {
    for (let r = 0; r < features.rows; r++) {
      row(features, r).forEach((value, f) => {
        if (value <= 0) return;
        found[f]?.row.push(start + r);
        found[f]?.value.push(value);
      });
    }
  }
  return activityOf(found, store.provenance, rows);
}

/** The same from what was found: rows of the store and activations, by feature. */
export function activityOf(
  found: readonly { readonly row: readonly number[]; readonly value: readonly number[] }[],
  { text, position, token }: Provenance,
  rows: number,
): FeatureActivity {
  const rowsOfText = new Map<number, number[]>();
  for (let r = 0; r < rows; r++) {
    const of = rowsOfText.get(text[r] as number);
    if (of) of.push(r);
    else rowsOfText.set(text[r] as number, [r]);
  }
  const at = (feature: number) => found[feature] ?? { row: [], value: [] };
  const strongest = (feature: number): number[] => {
    const { value } = at(feature);
    return Array.from(value.keys()).sort((a, b) => (value[b] as number) - (value[a] as number));
  };
  return {
    rows,
    topTokens: Int32Array.from(found, (_, feature) => {
      const [first] = strongest(feature);
      return first === undefined ? -1 : (token[at(feature).row[first] as number] as number);
    }),
    histogram: (feature) => {
      const { value } = at(feature);
      const most = value.reduce((a, b) => Math.max(a, b), 0);
      const counts = new Array<number>(BINS).fill(0);
      for (const one of value) {
        const bin = binOf(one, most);
        counts[bin] = (counts[bin] as number) + 1;
      }
      return { most, counts };
    },
    places: (feature) => {
      const { row: where, value } = at(feature);
      const order = strongest(feature);
      const seen = new Set<number>();
      const taken = new Array<number>(QUANTILES).fill(0);
      return order.flatMap((i, rank) => {
        const r = where[i] as number;
        const quantile = Math.floor((QUANTILES * rank) / order.length);
        const wanted = quantile === 0 ? TOP : PER_QUANTILE;
        if (seen.has(text[r] as number) || (taken[quantile] as number) >= wanted) return [];
        seen.add(text[r] as number);
        taken[quantile] = (taken[quantile] as number) + 1;
        return {
          text: text[r] as number,
          position: position[r] as number,
          activation: value[i] as number,
          quantile,
        };
      });
    },
    around: (feature, wanted) => {
      const { row: where, value } = at(feature);
      const active = new Map(where.map((r, i) => [r, value[i] as number]));
      return new Map(
        (rowsOfText.get(wanted) ?? []).map((r) => [position[r] as number, active.get(r) ?? 0]),
      );
    },
  };
}
