import { steer } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import type { Edit, LanguageModel, SparseAutoencoder } from '@feedprint/core';
import { checkSites, readDirection } from '@feedprint/recipes';

export interface EditFlags {
  readonly ablate?: readonly number[];
  readonly steer?: string;
  readonly dose: number;
}

/** What the flags change in the forward pass. Throws `usage`, `shape-mismatch`, `run-invalid`. */
export function editsOf(
  model: LanguageModel,
  sae: SparseAutoencoder | undefined,
  { ablate = [], steer: path, dose }: EditFlags,
): readonly Edit[] {
  const edits: Edit[] = [];
  if (sae) {
    checkWidth(model, sae.site, { width: sae.dIn, what: 'the SAE reads' });
    edits.push(sae.ablate(ablate));
  }
  if (path !== undefined) {
    const { site, direction } = readDirection(path);
    checkWidth(model, site, { width: direction.length, what: 'the direction has' });
    edits.push(steer({ site, direction, dose }));
  }
  return edits;
}

function checkWidth(
  model: LanguageModel,
  site: string,
  { width, what }: { readonly width: number; readonly what: string },
): void {
  checkSites(model, [site]);
  const own = model.sites.find((info) => info.site === site)?.width;
  if (own === width) return;
  throw new FeedprintError({
    code: 'shape-mismatch',
    message: `${what} ${width} units, and ${site} of the model has ${own}`,
    remedy: 'give the model that it was made for',
  });
}
