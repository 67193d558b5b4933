import { addedText, steer } from '@feedprint/activations';
import type { Edit, Sampling, SparseAutoencoder } from '@feedprint/core';
import type { LearnedDirection } from '../audit/causes/direction.ts';
import type { RunModels } from './run-models.ts';
import { saeAt } from './run-saes.ts';

/** What is changed in the tuned model while it writes. */
export interface Intervention {
  /** Features to switch off. */
  readonly ablate: readonly { readonly site: string; readonly index: number }[];
  /** How many times the direction that carries what was learned is added; 0 leaves it. */
  readonly dose: number;
}

export interface Continuations {
  readonly base: string;
  readonly tuned: string;
  /** Of the tuned model under the intervention; null without one. */
  readonly changed: string | null;
}

export interface ContinueOptions extends Intervention {
  readonly ids: readonly number[];
  readonly saes: ReadonlyMap<string, SparseAutoencoder>;
  /** Needed for a dose. */
  readonly direction?: LearnedDirection | undefined;
  readonly sampling: Omit<Sampling, 'edits'>;
}

/** The same prompt continued by base, tuned and changed model, with one seed. Throws `usage` for a site without an SAE. */
export async function continueTokens(
  { base, tuned }: RunModels,
  { ids, saes, ablate, direction, dose, sampling }: ContinueOptions,
): Promise<Continuations> {
  const write = async (model: RunModels['base'], edits: readonly Edit[] = []): Promise<string> => {
    const [added = []] = await model.generate([ids], { ...sampling, edits });
    return addedText(model.tokenizer, ids, added);
  };
  const edits = ablations(saes, ablate);
  if (direction && dose !== 0) edits.push(steer({ ...direction, dose }));
  return {
    base: await write(base),
    tuned: await write(tuned),
    changed: edits.length === 0 ? null : await write(tuned, edits),
  };
}

/** One edit per site: features of one SAE are switched off together. */
function ablations(
  saes: ReadonlyMap<string, SparseAutoencoder>,
  features: Intervention['ablate'],
): Edit[] {
  const sites = [...new Set(features.map(({ site }) => site))];
  return sites.map((site) =>
    saeAt(saes, site).ablate(features.flatMap((one) => (one.site === site ? [one.index] : []))),
  );
}
