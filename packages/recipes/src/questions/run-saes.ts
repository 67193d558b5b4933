import { FeedprintError } from '@feedprint/core';
import type { SparseAutoencoder } from '@feedprint/core';
import { createSaeLensFormat } from '@feedprint/sae';
import { latestStage, stageNames } from '../labels/stages-named.ts';

/** The tuned model's small SAEs of an audit by site, loaded; the caller disposes of them. None for an audit that did not get so far. */
export async function openRunSaes(folder: string): Promise<ReadonlyMap<string, SparseAutoencoder>> {
  const format = createSaeLensFormat();
  const saes = new Map<string, SparseAutoencoder>();
  for (const stage of stageNames(folder)) {
    if (!stage.startsWith('sae-tuned-small-')) continue;
    const sae = await format.load(latestStage(folder, stage));
    saes.set(sae.site, sae);
  }
  return saes;
}

/** The SAE at a site. Throws `usage` for a site without one. */
export function saeAt(
  saes: ReadonlyMap<string, SparseAutoencoder>,
  site: string,
): SparseAutoencoder {
  const sae = saes.get(site);
  if (sae) return sae;
  throw new FeedprintError({
    code: 'usage',
    message: `the run has no SAE at ${site}`,
    remedy: `name one of ${[...saes.keys()].join(', ') || 'a run with SAEs'}`,
  });
}
