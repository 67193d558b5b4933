import type { FeatureEvidence } from '@feedprint/core';
import { sampleEvidence } from '@feedprint/labeling';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { evidenceListSchema } from '../../labels/evidence-schema.ts';
import { featureColumns } from '../../labels/feature-columns.ts';
import type { WantedFeatures } from '../../labels/feature-columns.ts';
import { neighbours } from '../../labels/neighbours.ts';
import { capture } from '../capture/capture.ts';
import type { AuditContext } from '../context.ts';
import { saeOf, smallSaes } from '../dictionaries/saes.ts';
import type { TrainedSae } from '../dictionaries/saes.ts';
import { known } from '../known.ts';
import { randomOf } from '../random.ts';
import { attribute } from './attribute.ts';
import { chooseFeatures } from './choose-features.ts';
import { writeEvidenceSource } from './evidence-source.ts';
import { featureDiscrepancies } from './feature-discrepancies.ts';
import { featureId } from './feature-id.ts';
import type { SiteFeature } from './feature-id.ts';

/** Number of texts in which examples are looked for. */
const TEXTS = 256;

/** Windows of texts around activations of the features to label, for each feature in turn. */
export const evidence = defineStage({
  name: 'evidence',
  needs: { capture, attribute, contradicting: featureDiscrepancies, saes: smallSaes },
  config: ({ identity, settings, question }: AuditContext) => ({
    identity,
    question,
    randomAblations: settings.randomAblations,
    labeled: settings.labeled,
    texts: TEXTS,
    // How windows are drawn.
    windows: 1,
    seed: settings.seed,
  }),
  work: async ({ context, needs, folder }) => {
    const chosen = chooseFeatures(
      needs.attribute.features,
      context.settings.labeled,
      needs.contradicting.shown,
    );
    await writeJson(folder, 'evidence.json', await gatherEvidence(context, chosen, needs.saes));
    await writeEvidenceSource(folder, context, { captured: needs.capture, saes: needs.saes });
  },
  read: (folder) => readJson(folder, 'evidence.json', evidenceListSchema),
});

async function gatherEvidence(
  context: AuditContext,
  features: readonly SiteFeature[],
  saes: readonly TrainedSae[],
): Promise<FeatureEvidence[]> {
  const { tuned } = context.models;
  const rows = context.rows.slice(0, TEXTS);
  const beside = new Map<string, number | undefined>();
  const wanted: WantedFeatures[] = [];
  for (const { site } of context.sites) {
    const own = features.flatMap((ref) => (ref.site === site ? [ref.feature] : []));
    if (own.length === 0) continue;
    const sae = await saeOf(saes, 'tuned', 'small', { site }).load();
    const others = neighbours(sae, own);
    own.forEach((feature, i) => beside.set(featureId({ site, feature }), others[i]));
    wanted.push({ site, sae, features: [...own, ...others.filter((o) => o !== undefined)] });
  }
  const columns = await featureColumns(tuned, rows, wanted);
  for (const { sae } of wanted) await sae.dispose();
  return features.map((ref) => {
    const id = featureId(ref);
    const ofSite = known(columns.get(ref.site), ref.site);
    const neighbour = ofSite.get(beside.get(id) ?? -1);
    return sampleEvidence(
      {
        id,
        rows,
        tokenText: (token) => tuned.tokenizer.tokenText(token),
        activations: known(ofSite.get(ref.feature), id),
        ...(neighbour && { neighbour }),
      },
      randomOf(context, `evidence ${id}`),
    );
  });
}
