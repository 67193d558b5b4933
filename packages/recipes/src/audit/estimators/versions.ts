import { concatColumns, matrix, row, takeRows } from '@feedprint/core';
import type { LanguageModel, Matrix, SparseAutoencoder } from '@feedprint/core';
import type { ContrastEvidence } from '@feedprint/probe';
import { batchesOf } from '../capture/batches.ts';
import { siteNames } from '../context.ts';
import type { AuditContext, LayerSite } from '../context.ts';
import { known } from '../known.ts';

const sides = ['positive', 'neutral', 'negative'] as const;
type Side = (typeof sides)[number];

/** Activations of all sites at the words' tokens, `[tokens, width]`, one word after another. */
type Captured = ReadonlyMap<string, Matrix>;

/** What a model makes of the triples' versions. */
export type Versions = Readonly<Record<Side, Captured>>;

/** The part of `ContrastEvidence` that a file contains. */
export interface VersionEvidence {
  /** `[versions, features]` */
  readonly features: Matrix;
  /** `[versions, 1]` */
  readonly distance: Matrix;
}

export const toEvidence = (
  { features, distance }: VersionEvidence,
  word: ArrayLike<number>,
): ContrastEvidence => ({
  features,
  distance: Float64Array.from(distance.data),
  word: Int32Array.from(word),
});

/**
 * Which word each version contains, positive versions first, ignoring case; words that are not among the scored ones
 * get the next indices.
 */
export function versionWords({ words, triples: { triples }, models }: AuditContext): number[] {
  const byToken = new Map(words.map(({ id }, i) => [id, i]));
  const byText = new Map(words.map(({ word }, i) => [word.toLowerCase(), i]));
  let next = words.length;
  const wordOf = (span: readonly number[]): number => {
    const index = span.length === 1 ? byToken.get(span[0] as number) : undefined;
    if (index !== undefined) return index;
    const text = models.tuned.tokenizer.decode(span).trim().toLowerCase();
    const other = byText.get(text) ?? next++;
    byText.set(text, other);
    return other;
  };
  return [
    ...triples.map(({ positive }) => wordOf(positive)),
    ...triples.map(({ negative }) => wordOf(negative)),
  ];
}

/** Runs the triples' versions. */
export async function captureVersions(
  context: AuditContext,
  model: LanguageModel,
): Promise<Versions> {
  const captured = {} as Record<Side, Captured>;
  for (const side of sides) captured[side] = await captureSide(context, model, side);
  return captured;
}

async function captureSide(
  context: AuditContext,
  model: LanguageModel,
  side: Side,
): Promise<Captured> {
  const versions = context.triples.triples.map((triple) => ({
    tokens: [...triple.context, ...triple[side]],
    span: triple[side].length,
  }));
  const positions = versions.reduce((sum, { span }) => sum + span, 0);
  const bySite = new Map(context.sites.map(({ site, width }) => [site, matrix(positions, width)]));
  const rows = versions.map(({ tokens }) => tokens);
  let done = 0;
  for (const { start, end } of batchesOf(rows, model.info.vocabularySize)) {
    const { activations } = await model.run(rows.slice(start, end), {
      capture: siteNames(context),
    });
    let after = 0;
    const targets = versions.slice(start, end).flatMap(({ tokens, span }) => {
      after += tokens.length;
      return Array.from({ length: span }, (_, i) => after - span + i);
    });
    for (const [site, captured] of activations) {
      bySite.get(site)?.data.set(takeRows(captured, targets).data, done * captured.columns);
    }
    done += targets.length;
  }
  return bySite;
}

/**
 * Probe inputs and distances of the non-neutral versions, averaged over the tokens of each version's word (paper, section 3.4).
 * The distance is that of the inputs, which are the SAEs' features or, by the setting `probeInput`, their reconstructions.
 */
export async function versionEvidence(
  context: AuditContext,
  versions: Versions,
  saeOf: (site: LayerSite) => Promise<SparseAutoencoder>,
): Promise<VersionEvidence> {
  const { sites, settings, triples } = context;
  const blocks: Record<Side, Matrix[]> = { positive: [], neutral: [], negative: [] };
  for (const site of sites) {
    const sae = await saeOf(site);
    for (const side of sides) {
      const z = await sae.encode(known(versions[side].get(site.site), site.site));
      blocks[side].push(settings.probeInput === 'features' ? z : await sae.decode(z));
    }
    await sae.dispose();
  }
  const inputs = (side: Side): Matrix =>
    meanSpans(
      concatColumns(blocks[side]),
      triples.triples.map((triple) => triple[side].length),
    );
  const neutral = inputs('neutral');
  const count = neutral.rows;
  const features = matrix(2 * count, neutral.columns);
  const distance = matrix(2 * count, 1);
  for (const [s, side] of [inputs('positive'), inputs('negative')].entries()) {
    features.data.set(side.data, s * side.data.length);
    for (let t = 0; t < count; t++) {
      const b = row(neutral, t);
      const square = row(side, t).reduce((sum, v, i) => sum + (v - (b[i] as number)) ** 2, 0);
      distance.data[s * count + t] = (s === 0 ? 1 : -1) * Math.sqrt(square);
    }
  }
  return { features, distance };
}

/** Means over groups of neighbouring rows of the given sizes. */
function meanSpans(rows: Matrix, spans: readonly number[]): Matrix {
  const means = matrix(spans.length, rows.columns);
  let at = 0;
  for (const [s, span] of spans.entries()) {
    const mean = row(means, s);
    for (const end = at + span; at < end; at++) {
      row(rows, at).forEach((value, i) => (mean[i] = (mean[i] as number) + value / span));
    }
  }
  return means;
}
