import { createModelStore } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import type { ActivationStore, Site, TokenRows } from '@feedprint/core';
import { concatStores, differenceStore } from '@feedprint/sae';
import type { Inputs } from './inputs.ts';

/** What an SAE's rows are: a model's activations, a base's and a tuned model's side by side, or tuned minus base. */
export const rowKinds = ['model', 'pair', 'difference'] as const;
export type RowKind = (typeof rowKinds)[number];

/** The flags' kind of rows. Throws `usage` for flags that do not fit. */
export function rowKindOf({
  base,
  difference = false,
  isCrosscoder,
}: {
  readonly base?: string;
  readonly difference?: boolean;
  readonly isCrosscoder: boolean;
}): RowKind {
  const usage = (message: string, remedy: string): FeedprintError =>
    new FeedprintError({ code: 'usage', message, remedy });
  if (isCrosscoder && difference) {
    throw usage('a crosscoder reads both models, not their difference', 'leave --difference out');
  }
  if (isCrosscoder || difference) {
    if (base !== undefined) return isCrosscoder ? 'pair' : 'difference';
    throw usage(
      `${isCrosscoder ? 'a crosscoder' : '--difference'} needs two models`,
      'give the base model with --base, the one tuned from it with --model',
    );
  }
  if (base === undefined) return 'model';
  throw usage(
    '--base is for crosscoders and differences',
    'add --kind crosscoder or --difference, or leave --base out',
  );
}

/** One store per model, the base's first; nothing is computed before it is read. */
export const modelStores = (
  { base, model }: Pick<Inputs, 'base' | 'model'>,
  texts: TokenRows,
  sites: readonly Site[],
): ActivationStore[] =>
  [base, model].flatMap((one) => (one ? [createModelStore(one, texts, sites)] : []));

/** The rows that an SAE reads, from one store per model. */
export function combine(stores: readonly ActivationStore[], rows: RowKind): ActivationStore {
  const [first, second] = stores as [ActivationStore, ActivationStore];
  if (rows === 'pair') return concatStores(first, second);
  return rows === 'difference' ? differenceStore(first, second) : first;
}
