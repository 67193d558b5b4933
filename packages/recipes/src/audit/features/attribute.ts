import { concatColumns, row, takeColumns } from '@feedprint/core';
import type { Artifact, Matrix } from '@feedprint/core';
import { storeFolder } from './capture.ts';
import {
  alongFeedback,
  readChangeAttribution,
  readChangeContributions,
} from './change-attribution/change-attribution.ts';
import type { AuditContext, ModelRole, Site } from './context.ts';
import { featureId } from './evidence.ts';
import { known, readJson, readMatrices, writeJson, writeMatrices } from './files.ts';
import { readMatches } from './match.ts';
import type { KeptFeature } from './match.ts';
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
  /** The same of the base model's most similar feature, at the same positions; null without one. */
  readonly carriesBase: number | null;
  /** First-order part of the words' shift, along their stated feedback, that goes through its change; nats, mean over words. */
  readonly change: number;
  /** Share of its activation that stands on tokens which the feedback scores. */
  readonly onFeedback: number;
  readonly matchedBase: number;
  readonly matchedLarge: number;
}

export interface AuditAttribution {
  /** Mean shift of the expected next-token feedback. */
  readonly shift: number;
  readonly explained: number;
  /** By the base model's features that match the kept ones. */
  readonly explainedBase: number;
  readonly positions: number;
  /** All kept features, by site. */
  readonly features: readonly CarrierFeature[];
  /** For each word, ids of the features that its shift goes with most, largest first. */
  readonly words: readonly (readonly string[])[];
}

/** Features named per word. */
const PER_WORD = 3;

/**
 * Attributes what tuning changed, word by word, to the kept features: by regression on them at sampled positions, and by
 * the change of each where the words are predicted. `carries`, by which features are chosen, is the regression's: with
 * the features off that it names the model's expected feedback fell further than with those that the change names.
 */
export function attributeStage(
  context: AuditContext,
  inputs: {
    readonly capture: Artifact;
    readonly match: Artifact;
    readonly change: Artifact;
    readonly saes: SaeArtifacts;
  },
): Promise<Artifact> {
  const { parts, words, runner } = context;
  return runner.run({
    name: 'attribute',
    config: { identity: context.identity, perWord: PER_WORD, measures: 2 },
    inputs: [inputs.capture, inputs.match, inputs.change],
    work: async (folder) => {
      const kept = await readKept(context, inputs.match);
      const shifts = readShifts(inputs.capture);
      const stated = Float64Array.from(words, (word) => word.stated);
      const encoded = (role: ModelRole, of: (match: KeptFeature) => number | null) =>
        encodedFeatures(context, inputs, role, kept, of, shifts.rows);
      const features = await encoded('tuned', ({ feature }) => feature);
      const base = await encoded('base', ({ baseFeature }) => baseFeature);
      const { contributions, explained } = parts.statistics.attribute(features.values, shifts);
      const ofBase = parts.statistics.attribute(base.values, shifts);
      const change = readChangeContributions(inputs.change);
      const { n } = await readChangeAttribution(inputs.change);
      const tokens = features.tokens.subarray(0, shifts.rows);
      const onFeedback = scoredShares(features.values, tokens, words);
      const attribution: AuditAttribution = {
        shift: meanShift(shifts, stated),
        explained,
        explainedBase: ofBase.explained,
        positions: shifts.rows,
        features: kept.map(({ site, match }, f) => {
          const partner = base.columns[f] ?? null;
          return {
            id: featureId({ site, feature: match.feature }),
            site: site.site,
            feature: match.feature,
            carries: alongStated(contributions, stated, f),
            carriesBase:
              partner === null ? null : alongStated(ofBase.contributions, stated, partner),
            change: alongFeedback(words, n, (w) => change.data[w * change.columns + f] as number),
            onFeedback: onFeedback[f] as number,
            matchedBase: match.base,
            matchedLarge: match.large,
          };
        }),
        words: words.map((_, w) =>
          strongest(contributions, w).map((f) => {
            const { site, match } = known(kept[f], 'a feature');
            return featureId({ site, feature: match.feature });
          }),
        ),
      };
      writeMatrices(folder, 'contributions.safetensors', { regression: contributions, change });
      await writeJson(folder, 'attribution.json', attribution);
    },
  });
}

export const readAttribution = (artifact: Artifact): Promise<AuditAttribution> =>
  readJson(artifact, 'attribution.json');

/** Both attributions, `[words, kept features]`: of probability shifts by regression, of log-probability shifts (nats) by change. */
export const readContributions = (artifact: Artifact) =>
  readMatrices(artifact, 'contributions.safetensors', ['regression', 'change']);

interface Kept {
  readonly site: Site;
  readonly match: KeptFeature;
}

async function readKept({ sites }: AuditContext, match: Artifact): Promise<Kept[]> {
  const matches = await readMatches(match);
  return sites.flatMap((site) => {
    const found = known(
      matches.find((each) => each.site === site.site),
      site.site,
    );
    return found.kept.map((each) => ({ site, match: each }));
  });
}

interface EncodedFeatures {
  /** `[rows, columns]` */
  readonly values: Matrix;
  /** For each kept feature its column; null where there is none. */
  readonly columns: readonly (number | null)[];
  readonly tokens: Int32Array;
}

/** Activations, at the first `rows` sampled tokens, of the features that `of` names for the kept ones, each once. */
async function encodedFeatures(
  context: AuditContext,
  { capture, saes }: { readonly capture: Artifact; readonly saes: SaeArtifacts },
  role: ModelRole,
  kept: readonly Kept[],
  of: (match: KeptFeature) => number | null,
  rows: number,
): Promise<EncodedFeatures> {
  const store = await context.parts.activations.open(storeFolder(capture, role, 'sample'));
  const blocks: Matrix[] = [];
  const columns: (number | null)[] = [];
  let first = 0;
  for (const site of context.sites) {
    const wanted = kept.filter((each) => each.site === site).map(({ match }) => of(match));
    const distinct = [...new Set(wanted.filter((feature) => feature !== null))];
    const sae = await loadSae(context, saes, role, 'small', site);
    blocks.push(takeColumns(await sae.encode(await store.read(site.site, 0, rows)), distinct));
    await sae.dispose();
    for (const feature of wanted) {
      columns.push(feature === null ? null : first + distinct.indexOf(feature));
    }
    first += distinct.length;
  }
  return { values: concatColumns(blocks), columns, tokens: store.provenance.token };
}

/** A feature's contributions, each weighed by the stated feedback of its word. */
const alongStated = (contributions: Matrix, stated: Float64Array, feature: number): number =>
  stated.reduce(
    (sum, value, w) =>
      sum + value * (contributions.data[w * contributions.columns + feature] as number),
    0,
  );

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
