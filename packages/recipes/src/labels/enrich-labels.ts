import { FeedprintError } from '@feedprint/core';
import type { SparseAutoencoder } from '@feedprint/core';
import { ablation } from '@feedprint/report/chapters/ablation';
import type { z } from 'zod';
import { enrichment } from '../audit/ablation/enrichment.ts';
import { openCaptured } from '../audit/capture/capture.ts';
import { readTraining } from '../audit/dictionaries/saes.ts';
import { rowsFingerprint } from '../audit/features/evidence-source.ts';
import type { EvidenceSource } from '../audit/features/evidence-source.ts';
import type { AuditParts } from '../audit/parts.ts';
import type { FeatureLabel } from './label-features.ts';
import { stagesNamed } from './stages-named.ts';
import { saeFingerprint } from '@feedprint/sae';

export const labelEnrichmentSchema = ablation.shape.validation.shape.enrichment;

/** Are related features active more often on strongly rewarded tokens than on tokens without feedback? */
export type LabelEnrichment = z.infer<typeof labelEnrichmentSchema>;

export interface EnrichOptions {
  /** Folder of the audit's run. */
  readonly folder: string;
  readonly source: EvidenceSource;
  readonly parts: Pick<AuditParts, 'activations' | 'saeFormat' | 'statistics'>;
}

/**
 * The audit's enrichment (the paper's, with frequency-matched controls), for other labels: from the activations and SAEs
 * that the audit kept, without its models. Throws `run-invalid` if they are gone.
 */
export async function enrichLabels(
  labels: readonly FeatureLabel[],
  { folder, source, parts }: EnrichOptions,
): Promise<LabelEnrichment> {
  const saes = new Map<string, SparseAutoencoder>();
  const densities = new Map<string, readonly number[]>();
  try {
    for (const { site, layer, fingerprint } of source.saes) {
      for (const stage of stagesNamed(folder, `sae-tuned-small-L${layer}`)) {
        const sae = await parts.saeFormat.load(stage);
        if (!saes.has(site) && saeFingerprint(sae) === fingerprint) {
          saes.set(site, sae);
          densities.set(site, (await readTraining(stage)).metrics.density);
        } else await sae.dispose();
      }
      if (!saes.has(site)) throw gone(folder, `the SAE of ${site}`);
    }
    const found = await enrichment({ ...source, parts }, await findCaptured(), {
      labels: labels.map(({ id, related }) => ({ id, related, ...placeOf(id) })),
      saes,
      densities,
    });
    return found.related;
  } finally {
    for (const sae of saes.values()) await sae.dispose();
  }

  async function findCaptured() {
    for (const stage of stagesNamed(folder, 'capture')) {
      const captured = openCaptured(stage, parts);
      if ((await rowsFingerprint(captured)) === source.rows) return captured;
    }
    throw gone(folder, 'the captured activations');
  }
}

function placeOf(id: string): { readonly site: string; readonly feature: number } {
  const at = id.lastIndexOf('/');
  return { site: id.slice(0, at), feature: Number(id.slice(at + 1)) };
}

const gone = (folder: string, what: string): FeedprintError =>
  new FeedprintError({
    code: 'run-invalid',
    message: `${what} of the audit in ${folder} is no longer there`,
    remedy: 'run the same audit again, which makes what is missing',
  });
