import { concatColumns, matrix, row } from '@feedprint/core';
import type { ActivationStore, Artifact, Matrix } from '@feedprint/core';
import { storeFolder } from './capture.ts';
import type { AuditContext } from './context.ts';
import { featureId } from './evidence.ts';
import type { FeatureRef } from './evidence.ts';
import { known, readJson, writeJson } from './files.ts';
import { readMatches } from './match.ts';
import type { ScoredWord } from './parts.ts';
import { readShifts } from './shifts.ts';
import { loadSae } from './train-saes.ts';
import type { SaeArtifacts } from './train-saes.ts';

/** One kept feature and how it has to do with the feedback. */
export interface CarrierFeature {
  readonly id: string;
  readonly site: string;
  readonly feature: number;
  /** Part of the mean shift of the expected next-token feedback that goes with it. */
  readonly carries: number;
  /** Share of its activation that stands on tokens which the feedback scores. */
  readonly onFeedback: number;
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
    readonly saes: SaeArtifacts;
  },
): Promise<Artifact> {
  const { parts, words, runner } = context;
  return runner.run({
    name: 'attribute',
    config: { identity: context.identity, perWord: PER_WORD },
    inputs: [inputs.capture, inputs.match],
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
      const store = await parts.activations.open(storeFolder(inputs.capture, 'tuned', 'sample'));
      const features = await keptFeatures(context, store, inputs.saes, refs, shifts.rows);
      const { contributions, explained } = parts.statistics.attribute(features, shifts);
      const stated = Float64Array.from(words, (word) => word.stated);
      const onFeedback = scoredShares(features, store.provenance.token, words);
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
          onFeedback: onFeedback[f] as number,
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
  store: ActivationStore,
  saes: SaeArtifacts,
  refs: readonly FeatureRef[],
  rows: number,
): Promise<Matrix> {
  const blocks: Matrix[] = [];
  for (const site of context.sites) {
    const sae = await loadSae(context, saes, 'tuned', 'small', site);
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

/** Share of each column's sum that stands on rows whose token is scored. */
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
