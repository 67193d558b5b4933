import { concatColumns, matrix } from '@feedprint/core';
import type { Artifact, Matrix } from '@feedprint/core';
import { storeFolder } from './capture.ts';
import { saeName, smallFeatures } from './context.ts';
import type { AuditContext } from './context.ts';
import { featureId } from './evidence.ts';
import type { FeatureRef } from './evidence.ts';
import { readFeatures } from './features.ts';
import { known, readJson, writeJson } from './files.ts';
import { readMatches } from './match.ts';
import { readShifts } from './shifts.ts';
import { loadSae } from './train-saes.ts';

/** One kept feature and how it has to do with the feedback. */
export interface CarrierFeature {
  readonly id: string;
  readonly site: string;
  readonly feature: number;
  /** Part of the mean shift of the expected next-token feedback that goes with it. */
  readonly carries: number;
  /** Correlation of its mean activation at a word with the word's stated feedback. */
  readonly tracks: number;
  readonly matchedBase: number;
  readonly matchedLarge: number;
}

export interface AuditAttribution {
  /** Mean shift of the expected next-token feedback. */
  readonly shift: number;
  readonly explained: number;
  readonly positions: number;
  /** All kept features, by site. */
  readonly features: readonly CarrierFeature[];
  /** For each word, ids of the features that its shift goes with most, largest first. */
  readonly words: readonly (readonly string[])[];
}

/** Features named per word. */
const PER_WORD = 3;

/** Attributes what tuning changed, word by word, to the kept features at the positions where it changed it. */
export function attributeStage(
  context: AuditContext,
  inputs: {
    readonly capture: Artifact;
    readonly match: Artifact;
    readonly features: Artifact;
    readonly saes: ReadonlyMap<string, Artifact>;
  },
): Promise<Artifact> {
  const { parts, words, runner } = context;
  return runner.run({
    name: 'attribute',
    config: { identity: context.identity, perWord: PER_WORD },
    inputs: [inputs.capture, inputs.match, inputs.features],
    work: async (folder) => {
      const matches = await readMatches(inputs.match);
      const kept = matches.flatMap(({ site, kept: features }) => {
        const place = known(
          context.sites.find((s) => s.site === site),
          site,
        );
        return features.map((match) => ({ ref: { site: place, feature: match.feature }, match }));
      });
      const refs = kept.map(({ ref }) => ref);
      const shifts = readShifts(inputs.capture);
      const features = await keptFeatures(context, inputs, refs, shifts.rows);
      const { contributions, explained } = parts.statistics.attribute(features, shifts);
      const stated = Float64Array.from(words, (word) => word.stated);
      const tracks = correlations(context, inputs.features, refs, stated);
      const carries = refs.map((_, f) =>
        stated.reduce(
          (sum, value, w) =>
            sum + value * (contributions.data[w * contributions.columns + f] as number),
          0,
        ),
      );
      const attribution: AuditAttribution = {
        shift: meanShift(shifts, stated),
        explained,
        positions: shifts.rows,
        features: kept.map(({ ref, match }, f) => ({
          id: featureId(ref),
          site: ref.site.site,
          feature: ref.feature,
          carries: carries[f] as number,
          tracks: tracks[f] as number,
          matchedBase: match.base,
          matchedLarge: match.large,
        })),
        words: words.map((_, w) =>
          strongest(contributions, w).map((f) => featureId(known(refs[f], 'a feature'))),
        ),
      };
      await writeJson(folder, 'attribution.json', attribution);
    },
  });
}

export const readAttribution = (artifact: Artifact): Promise<AuditAttribution> =>
  readJson(artifact, 'attribution.json');

/** Activations of the kept features at the first `rows` sampled tokens, `[rows, features]`. */
async function keptFeatures(
  context: AuditContext,
  { capture, saes }: { readonly capture: Artifact; readonly saes: ReadonlyMap<string, Artifact> },
  refs: readonly FeatureRef[],
  rows: number,
): Promise<Matrix> {
  const store = await context.parts.activations.open(storeFolder(capture, 'tuned', 'sample'));
  const blocks: Matrix[] = [];
  for (const site of context.sites) {
    const name = saeName('tuned', 'small', site);
    const sae = await loadSae(context, known(saes.get(name), name));
    const z = await sae.encode(await store.read(site.site, 0, rows));
    await sae.dispose();
    const columns = refs.filter((ref) => ref.site.site === site.site).map(({ feature }) => feature);
    const block = matrix(rows, columns.length);
    for (let r = 0; r < rows; r++) {
      columns.forEach((column, c) => {
        block.data[r * columns.length + c] = z.data[r * z.columns + column] as number;
      });
    }
    blocks.push(block);
  }
  return concatColumns(blocks);
}

/** Pearson correlation of each feature's mean activation at a word with the word's stated feedback. */
function correlations(
  context: AuditContext,
  features: Artifact,
  refs: readonly FeatureRef[],
  stated: Float64Array,
): number[] {
  const { tuned } = readFeatures(features);
  const y = standardised(stated);
  return refs.map(({ site, feature }) => {
    const column = firstColumn(context, site.site) + feature;
    const x = standardised(stated.map((_, w) => tuned.data[w * tuned.columns + column] as number));
    return x.reduce((sum, v, i) => sum + v * (y[i] as number), 0);
  });
}

/** Values about their mean, of unit length; all zero where they are constant. */
function standardised(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const centred = values.map((v) => v - mean);
  const length = Math.sqrt(centred.reduce((sum, v) => sum + v * v, 0));
  return centred.map((v) => (length > 0 ? v / length : 0));
}

/** Column at which a site's small SAE begins in the concatenated features. */
function firstColumn({ sites, settings }: AuditContext, site: string): number {
  const before = sites.slice(
    0,
    sites.findIndex((s) => s.site === site),
  );
  return before.reduce((sum, place) => sum + smallFeatures(settings, place), 0);
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
