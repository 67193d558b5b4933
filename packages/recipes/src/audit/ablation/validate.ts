import type { Edit, SparseAutoencoder } from '@feedprint/core';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { ablation } from '@feedprint/report/chapters/ablation';
import { z } from 'zod';
import { batchesOf } from '../capture/batches.ts';
import { capture } from '../capture/capture.ts';
import type { AuditContext } from '../context.ts';
import { saeOf, smallSaes } from '../dictionaries/saes.ts';
import { attribute } from '../features/attribute.ts';
import { label } from '../features/label.ts';
import type { LabeledFeature } from '../features/label.ts';
import { known } from '../known.ts';
import { partKey } from '../parts.ts';
import type { ValidationReport } from './compare-runs.ts';
import { ablateGenerations, generationRowSchema, mostAblations } from './ablate-generations.ts';
import { enrichment, enrichmentRowSchema, featureEnrichmentSchema } from './enrichment.ts';
import type { TunedSaes } from './plan.ts';

/** Tokens, from the last texts, on which cross-entropy and expected feedback are measured. */
const TOKENS = 2048;

const validationSchema = ablation.shape.validation.extend({
  features: z
    .record(z.string(), featureEnrichmentSchema.extend({ ablationEffect: z.number() }))
    .describe('By feature id.'),
});

const tablesSchema = z
  .strictObject({
    generations: z.array(generationRowSchema),
    enrichment: z.array(enrichmentRowSchema),
  })
  .describe('What the figures were computed from, row by row.');

export type Validation = z.infer<typeof validationSchema>;
export type ValidationTables = z.infer<typeof tablesSchema>;

export interface Validated {
  readonly validation: Validation;
  tables(): Promise<ValidationTables>;
}

/**
 * Tests the features: whether they fire on strong feedback, whether the model's reward falls without them, and how much
 * the SAEs preserve.
 */
export const validate = defineStage({
  name: 'validate',
  needs: { capture, attribute, label, saes: smallSaes },
  config: ({ settings, identity, parts }: AuditContext) => ({
    identity,
    prompts: settings.prompts,
    promptTokens: settings.promptTokens,
    newTokens: settings.newTokens,
    randomAblations: settings.randomAblations,
    tokens: TOKENS,
    recovery: 'in-model',
    // Contents of validation.json and tables.json.
    measures: 3,
    seed: settings.seed,
    statistics: partKey(parts.statistics),
    evaluation: partKey(parts.saeMetrics),
  }),
  work: async ({ context, needs, folder, stage }) => {
    const { settings, sites } = context;
    const saes = new Map<string, SparseAutoencoder>();
    for (const site of sites) {
      saes.set(site.site, await saeOf(needs.saes, 'tuned', 'small', site).load());
    }
    const labels = needs.label;
    // Metrics of the tuned model's small SAEs, on the rows held out from their training.
    const densities = new Map(
      sites.map((site) => [site.site, saeOf(needs.saes, 'tuned', 'small', site).metrics.density]),
    );
    const { shift } = needs.attribute;
    const total = labels.length + sites.length + mostAblations(settings.randomAblations);
    let done = 0;
    const tick = (): void => stage.progress(++done, total, 'measurements');
    const enriched = await enrichment(context, needs.capture, { labels, saes, densities });
    const effects = await ablationEffects(context, labels, saes, tick);
    const recovered = await crossEntropy(context, saes, tick);
    const ablated = await ablateGenerations(context, { labels, shift, saes, densities, tick });
    for (const sae of saes.values()) await sae.dispose();
    await writeJson(folder, 'validation.json', {
      enrichment: enriched.related,
      features: Object.fromEntries(
        labels.map(({ id }) => [
          id,
          { ...known(enriched.features[id], id), ablationEffect: known(effects[id], id) },
        ]),
      ),
      crossEntropy: recovered,
      ablation: ablated.runs,
    });
    await writeJson(folder, 'tables.json', {
      generations: ablated.rows,
      enrichment: enriched.rows,
    });
  },
  read: async (folder): Promise<Validated> => ({
    validation: await readJson(folder, 'validation.json', validationSchema),
    tables: () => readJson(folder, 'tables.json', tablesSchema),
  }),
});

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
): Promise<ValidationReport['crossEntropy']> {
  const results: ValidationReport['crossEntropy'] = [];
  for (const { site } of sites) {
    const sae = known(saes.get(site), site);
    const measured = await parts.saeMetrics.inModel(models.tuned, sae, lastTexts(rows));
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

/** The last texts, few of whose rows were used in training any SAE, up to `TOKENS`. */
function lastTexts(rows: readonly Int32Array[]): readonly Int32Array[] {
  let total = 0;
  let first = rows.length;
  while (first > 0 && total < TOKENS) total += rows[--first]?.length ?? 0;
  return rows.slice(first);
}
