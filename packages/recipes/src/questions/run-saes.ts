import { FeedprintError } from '@feedprint/core';
import type { SparseAutoencoder } from '@feedprint/core';
import { createSaeLensFormat } from '@feedprint/sae';
import type { ModelRole } from '../audit/model-role.ts';
import { latestStage, stageNames } from '../labels/stages-named.ts';

/** Dictionaries of an audit. */
export interface RunDictionaries {
  readonly role: ModelRole;
  readonly size: 'small' | 'large';
}

/** SAEs of an audit by site, the tuned model's small ones unless others are wanted, loaded; the caller disposes of them. None for an audit that did not get so far. */
export async function openRunSaes(
  folder: string,
  { role, size }: RunDictionaries = { role: 'tuned', size: 'small' },
): Promise<ReadonlyMap<string, SparseAutoencoder>> {
  const format = createSaeLensFormat();
  const saes = new Map<string, SparseAutoencoder>();
  for (const stage of stageNames(folder)) {
    if (!stage.startsWith(`sae-${role}-${size}-`)) continue;
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
