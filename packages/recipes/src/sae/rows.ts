import { createModelStore } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import type { ActivationStore, LanguageModel, Site, TokenRows } from '@feedprint/core';
import { concatStores, differenceStore } from '@feedprint/sae';

/** What an SAE's rows are: a model's activations, a base's and a tuned model's side by side, or tuned minus base. */
export type RowKind = 'model' | 'pair' | 'difference';

/** The model whose activations an SAE reads, and the one that it was tuned from if the SAE is about both. */
export interface SaeModels {
  readonly model: LanguageModel;
  /** A crosscoder reads both models; an SAE of any other kind reads `model` minus its base. */
  readonly base?: LanguageModel | undefined;
}

/** What an SAE of some kind reads from the models. Throws `usage` for a crosscoder of one model. */
export function rowKindOf({ base }: Pick<SaeModels, 'base'>, kind: string): RowKind {
  if (kind !== 'crosscoder') return base ? 'difference' : 'model';
  if (base) return 'pair';
  throw new FeedprintError({
    code: 'usage',
    message: 'a crosscoder needs two models',
    remedy: 'also give the base that the model was tuned from',
  });
}

/** One store per model, the base's first; nothing is computed before it is read. */
export const modelStores = (
  { base, model }: SaeModels,
  texts: TokenRows,
  sites: readonly Site[],
): ActivationStore[] =>
  [base, model].flatMap((one) => (one ? [createModelStore(one, texts, sites)] : []));

/** The rows that an SAE reads, from one store per model. */
export function combineStores(stores: readonly ActivationStore[], rows: RowKind): ActivationStore {
  const [first, second] = stores as [ActivationStore, ActivationStore];
  if (rows === 'pair') return concatStores(first, second);
  return rows === 'difference' ? differenceStore(first, second) : first;
}
