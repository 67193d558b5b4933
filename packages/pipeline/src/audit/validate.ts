import type { Artifact, AuditReport, Edit, SparseAutoencoder } from '@feedprint/core';
import { ablateGenerations, mostAblations } from './ablate-generations.ts';
import { readAttribution } from './attribute.ts';
import { batchesOf } from './capture.ts';
import type { AuditContext } from './context.ts';
import { enrichment } from './enrichment.ts';
import type { FeatureEnrichment } from './enrichment.ts';
import { known, readJson, writeJson } from './files.ts';
import { readLabels } from './label.ts';
import type { LabeledFeature } from './label.ts';
import { loadSae } from './train-saes.ts';
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
      seed: settings.seed,
    },
    inputs: [inputs.capture, inputs.attribute, inputs.label, ...inputs.saes.values()],
    work: async (folder, stage) => {
      const saes = new Map<string, SparseAutoencoder>();
      for (const site of context.sites) {
        saes.set(site.site, await loadSae(context, inputs.saes, 'tuned', 'small', site));
      }
      const labels = await readLabels(inputs.label);
      const { shift } = await readAttribution(inputs.attribute);
      const runs = mostAblations(settings.randomAblations);
      const total = labels.length + context.sites.length + runs;
      let done = 0;
      const tick = (): void => stage.progress(++done, total, 'measurements');
      const enriched = await enrichment(context, inputs.capture, labels, saes);
      const validation: AuditValidation = {
        enrichment: enriched.related,
        features: await ablationEffects(context, labels, saes, enriched.features, tick),
        crossEntropy: await crossEntropy(context, saes, tick),
        ablation: await ablateGenerations(context, {
          labels,
          shift,
          saes,
          artifacts: inputs.saes,
          tick,
        }),
      };
      for (const sae of saes.values()) await sae.dispose();
      await writeJson(folder, 'validation.json', validation);
    },
  });
}

export const readValidation = (artifact: Artifact): Promise<AuditValidation> =>
  readJson(artifact, 'validation.json');

/** Change of the expected next-token feedback, averaged over positions, when each feature alone is switched off. */
async function ablationEffects(
  context: AuditContext,
  labels: readonly LabeledFeature[],
  saes: TunedSaes,
  enriched: Readonly<Record<string, FeatureEnrichment>>,
  tick: () => void,
): Promise<AuditValidation['features']> {
  const unmodified = await expectedFeedback(context, []);
  const effects: Record<string, FeatureEnrichment & { ablationEffect: number }> = {};
  for (const { id, site, feature } of labels) {
    const edits = [known(saes.get(site), site).ablate([feature])];
    const ablationEffect = (await expectedFeedback(context, edits)) - unmodified;
    effects[id] = { ...known(enriched[id], id), ablationEffect };
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
