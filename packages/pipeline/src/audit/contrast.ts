import { createHash } from 'node:crypto';
import { concatColumns, matrix, row, takeRows } from '@feedprint/core';
import type { Artifact, ContrastEvidence, ContrastiveTriple, Matrix } from '@feedprint/core';
import { batchesOf } from './capture.ts';
import { roles, siteNames } from './context.ts';
import type { AuditContext, ModelRole } from './context.ts';
import { known, readJson, readMatrices, writeJson, writeMatrices } from './files.ts';
import { loadSae, smallSaes } from './train-saes.ts';
import type { SaeArtifacts } from './train-saes.ts';
import { CONTEXT } from './triples.ts';

export interface ContrastSummary {
  readonly triples: number;
  readonly words: number;
  /** Mean distance of the positive versions to their neutral ones in the tuned model's features. */
  readonly meanPositive: number;
  readonly meanNegative: number;
  /** Index of the word in each version, positive versions first, as in `ContrastEvidence`. */
  readonly word: readonly number[];
  /** Places that make no triple, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** Contrastive triples through both models: features at the target, signed distances to the neutral version. */
export function contrastStage(context: AuditContext, saes: SaeArtifacts): Promise<Artifact> {
  const { settings, identity } = context;
  const { triples, dropped } = context.triples;
  return context.runner.run({
    name: 'contrast',
    config: {
      identity,
      triples: createHash('sha256').update(JSON.stringify(triples)).digest('hex'),
      context: CONTEXT,
      seed: settings.seed,
    },
    inputs: smallSaes(context, saes),
    work: async (folder, stage) => {
      const word = versionWords(context);
      const evidence = {} as Record<ModelRole, { features: Matrix; distance: Matrix }>;
      for (const [i, role] of roles.entries()) {
        evidence[role] = await contrastOf(context, role, triples, saes);
        stage.progress(i + 1, roles.length, 'models');
      }
      writeMatrices(folder, 'contrast.safetensors', {
        'tuned.features': evidence.tuned.features,
        'tuned.distance': evidence.tuned.distance,
        'base.features': evidence.base.features,
        'base.distance': evidence.base.distance,
      });
      const distances = evidence.tuned.distance.data;
      const mean = (values: Float32Array): number =>
        values.reduce((sum, v) => sum + v, 0) / values.length;
      const summary: ContrastSummary = {
        triples: triples.length,
        words: new Set(word).size,
        meanPositive: mean(distances.subarray(0, triples.length)),
        meanNegative: mean(distances.subarray(triples.length)),
        word,
        dropped,
      };
      await writeJson(folder, 'contrast.json', summary);
    },
  });
}

export const readContrastSummary = (artifact: Artifact): Promise<ContrastSummary> =>
  readJson(artifact, 'contrast.json');

export async function readContrast(
  artifact: Artifact,
): Promise<Record<ModelRole, ContrastEvidence>> {
  const { word } = await readContrastSummary(artifact);
  const read = readMatrices(artifact, 'contrast.safetensors', [
    'tuned.features',
    'tuned.distance',
    'base.features',
    'base.distance',
  ]);
  const of = (role: ModelRole): ContrastEvidence => ({
    features: read[`${role}.features`],
    distance: Float64Array.from(read[`${role}.distance`].data),
    word: Int32Array.from(word),
  });
  return { base: of('base'), tuned: of('tuned') };
}

/** Which word stands in each version, positive versions first, whatever its case; those that the words lack get the next indices. */
function versionWords({ words, triples: { triples }, models }: AuditContext): number[] {
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

async function contrastOf(
  context: AuditContext,
  role: ModelRole,
  triples: readonly ContrastiveTriple[],
  saes: SaeArtifacts,
): Promise<{ features: Matrix; distance: Matrix }> {
  const version = (side: 'positive' | 'neutral' | 'negative') =>
    targetFeatures(
      context,
      role,
      triples.map((t) => ({ tokens: [...t.context, ...t[side]], span: t[side].length })),
      saes,
    );
  const neutral = await version('neutral');
  const sides = [await version('positive'), await version('negative')] as const;
  const distance = matrix(2 * triples.length, 1);
  sides.forEach((side, s) => {
    for (let t = 0; t < triples.length; t++) {
      const a = row(side, t);
      const b = row(neutral, t);
      const square = a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0);
      distance.data[s * triples.length + t] = (s === 0 ? 1 : -1) * Math.sqrt(square);
    }
  });
  const features = matrix(2 * triples.length, neutral.columns);
  sides.forEach((side, s) => features.data.set(side.data, s * side.data.length));
  return { features, distance };
}

interface Version {
  readonly tokens: readonly number[];
  /** Tokens of the word, the last ones. */
  readonly span: number;
}

/** Small SAEs' features of all sites, averaged over the tokens of each version's word (paper, section 3.4), `[versions, features]`. */
async function targetFeatures(
  context: AuditContext,
  role: ModelRole,
  versions: readonly Version[],
  saes: SaeArtifacts,
): Promise<Matrix> {
  const model = context.models[role];
  const positions = versions.reduce((sum, { span }) => sum + span, 0);
  const bySite = new Map(context.sites.map(({ site, width }) => [site, matrix(positions, width)]));
  let done = 0;
  for (const { start, end } of batchesOf(
    versions.map(({ tokens }) => tokens),
    model.info.vocabularySize,
  )) {
    const batch = versions.slice(start, end);
    const { activations } = await model.run(
      batch.map(({ tokens }) => tokens),
      { capture: siteNames(context) },
    );
    let after = 0;
    const targets = batch.flatMap(({ tokens, span }) => {
      after += tokens.length;
      return Array.from({ length: span }, (_, i) => after - span + i);
    });
    for (const [site, captured] of activations) {
      bySite.get(site)?.data.set(takeRows(captured, targets).data, done * captured.columns);
    }
    done += targets.length;
  }
  const blocks: Matrix[] = [];
  for (const site of context.sites) {
    const sae = await loadSae(context, saes, role, 'small', site);
    blocks.push(await sae.encode(known(bySite.get(site.site), site.site)));
    await sae.dispose();
  }
  return meanSpans(
    concatColumns(blocks),
    versions.map(({ span }) => span),
  );
}

/** Means of so many neighbouring rows each. */
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
