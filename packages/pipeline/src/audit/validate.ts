import type { Artifact, Edit, SparseAutoencoder } from '@feedprint/core';
import type { AuditReport } from '@feedprint/report';
import { ablateGenerations, mostAblations } from './ablation/ablate-generations.ts';
import type { GenerationRow } from './ablation/ablate-generations.ts';
import { readAttribution } from './attribute.ts';
import { batchesOf } from './capture.ts';
import type { AuditContext } from './context.ts';
import { enrichment } from './enrichment.ts';
import type { EnrichmentRow, FeatureEnrichment } from './enrichment.ts';
import { known, readJson, writeJson } from './files.ts';
import { readLabels } from './label.ts';
import type { LabeledFeature } from './label.ts';
import type { Densities } from './like-frequent.ts';
import { loadSae, readTraining, saeArtifact } from './train-saes.ts';
import type { SaeArtifacts } from './train-saes.ts';

/** Tokens, of the last texts, on which cross-entropy and expected feedback are measured. */
const TOKENS = 2048;

export interface AuditValidation extends Omit<AuditReport['validation'], 'enrichment'> {
  readonly enrichment: AuditReport['validation']['enrichment'];
  /** By feature id. */
  readonly features: Readonly<
    Record<string, FeatureEnrichment & { readonly ablationEffect: number }>
  >;
}

/** What the figures were computed from, row by row. */
export interface ValidationTables {
  readonly generations: readonly GenerationRow[];
  readonly enrichment: readonly EnrichmentRow[];
}

/** SAEs of the tuned model, small, by site. */
export type TunedSaes = ReadonlyMap<string, SparseAutoencoder>;

/** Tests the features: do they fire on strong feedback, does the model's reward fall without them, what do the SAEs keep. */
export function validateStage(
  context: AuditContext,
  inputs: {
    readonly capture: Artifact;
    readonly attribute: Artifact;
    readonly label: Artifact;
    readonly saes: SaeArtifacts;
  },
): Promise<Artifact> {
  const { settings, identity } = context;
  return context.runner.run({
    name: 'validate',
    config: {
      identity,
      prompts: settings.prompts,
      promptTokens: settings.promptTokens,
      newTokens: settings.newTokens,
      randomAblations: settings.randomAblations,
      tokens: TOKENS,
      recovery: 'in-model',
      // What validation.json and tables.json hold.
      measures: 3,
      seed: settings.seed,
    },
    inputs: [inputs.capture, inputs.attribute, inputs.label, ...inputs.saes.values()],
    work: async (folder, stage) => {
      const saes = new Map<string, SparseAutoencoder>();
      for (const site of context.sites) {
        saes.set(site.site, await loadSae(context, inputs.saes, 'tuned', 'small', site));
      }
      const labels = await readLabels(inputs.label);
      const densities = await readDensities(context, inputs.saes);
      const { shift } = await readAttribution(inputs.attribute);
      const runs = mostAblations(settings.randomAblations);
      const total = labels.length + context.sites.length + runs;
      let done = 0;
      const tick = (): void => stage.progress(++done, total, 'measurements');
      const enriched = await enrichment(context, inputs.capture, { labels, saes, densities });
      const effects = await ablationEffects(context, labels, saes, tick);
      const recovered = await crossEntropy(context, saes, tick);
      const ablated = await ablateGenerations(context, { labels, shift, saes, densities, tick });
      for (const sae of saes.values()) await sae.dispose();
      const validation: AuditValidation = {
        enrichment: enriched.related,
        features: Object.fromEntries(
          labels.map(({ id }) => [
            id,
            { ...known(enriched.features[id], id), ablationEffect: known(effects[id], id) },
          ]),
        ),
        crossEntropy: recovered,
        ablation: [...ablated.runs],
      };
      await writeJson(folder, 'validation.json', validation);
      const tables: ValidationTables = { generations: ablated.rows, enrichment: enriched.rows };
      await writeJson(folder, 'tables.json', tables);
    },
  });
}

export const readValidation = (artifact: Artifact): Promise<AuditValidation> =>
  readJson(artifact, 'validation.json');

export const readValidationTables = (artifact: Artifact): Promise<ValidationTables> =>
  readJson(artifact, 'tables.json');

/** Of the tuned model's small SAEs, on the rows held out from their training. */
async function readDensities(context: AuditContext, saes: SaeArtifacts): Promise<Densities> {
  const densities = new Map<string, readonly number[]>();
  for (const site of context.sites) {
    const { metrics } = await readTraining(saeArtifact(saes, 'tuned', 'small', site));
    densities.set(site.site, metrics.density);
  }
  return densities;
}

/** Change of the expected next-token feedback, averaged over positions, when each feature alone is switched off. */
async function ablationEffects(
  context: AuditContext,
  labels: readonly LabeledFeature[],
  saes: TunedSaes,
  tick: () => void,
): Promise<Readonly<Record<string, number>>> {
  const unmodified = await expectedFeedback(context, []);
  const effects: Record<string, number> = {};
  for (const { id, site, feature } of labels) {
    const edits = [known(saes.get(site), site).ablate([feature])];
    effects[id] = (await expectedFeedback(context, edits)) - unmodified;
    tick();
  }
  return effects;
}

async function expectedFeedback(
  { models, rows, words }: AuditContext,
  edits: readonly Edit[],
): Promise<number> {
  const logProbsOf = Int32Array.from(words, ({ id }) => id);
  const texts = lastTexts(rows);
  let [sum, positions] = [0, 0];
  for (const { start, end } of batchesOf(texts, models.tuned.info.vocabularySize)) {
    const result = await models.tuned.run(texts.slice(start, end), { logProbsOf, edits });
    const { data, rows: count } = known(result.logProbsOf, 'log-probabilities');
    for (let i = 0; i < data.length; i++) {
      sum += Math.exp(data[i] as number) * (words[i % words.length]?.stated ?? 0);
    }
    positions += count;
  }
  return sum / positions;
}

/** Cross-entropy of the tuned model as it is, with each site's reconstruction, and with the site set to zero. */
async function crossEntropy(
  { parts, models, rows, sites }: AuditContext,
  saes: TunedSaes,
  tick: () => void,
): Promise<AuditReport['validation']['crossEntropy']> {
  const results: AuditReport['validation']['crossEntropy'] = [];
  for (const { site } of sites) {
    const sae = known(saes.get(site), site);
    const measured = await parts.evaluateInModel(models.tuned, sae, lastTexts(rows));
    results.push({
      site,
      unmodified: measured.crossEntropy.clean,
      reconstructed: measured.crossEntropy.reconstructed,
      zeroed: measured.crossEntropy.zero,
      recovered: measured.crossEntropyRecovered.zero.value,
    });
    tick();
  }
  return results;
}

/** The last texts, of which few rows were in any SAE's training, up to `TOKENS`. */
function lastTexts(rows: readonly Int32Array[]): readonly Int32Array[] {
  let total = 0;
  let first = rows.length;
  while (first > 0 && total < TOKENS) total += rows[--first]?.length ?? 0;
  return rows.slice(first);
}
