import { createModelStore } from '@feedprint/activations';
import { FeedprintError, sameTokens } from '@feedprint/core';
import type { LanguageModel, Site, TokenRows } from '@feedprint/core';
import type { SaeModels } from './rows.ts';

/** Throws `usage`, listing the sites, for a site that the model does not have. */
export function checkSites({ sites, name, info }: LanguageModel, wanted: readonly Site[]): void {
  const missing = wanted.find((site) => !sites.some((known) => known.site === site));
  if (missing === undefined) return;
  const patterns = sites.map(({ site }) => site.replace(/^blocks\.\d+\./, 'blocks.N.'));
  throw new FeedprintError({
    code: 'usage',
    message: `the model ${name} has no site ${missing}`,
    remedy: `use one of ${[...new Set(patterns)].join(', ')}, with N from 0 to ${info.layers - 1}`,
  });
}

/** Number of units of a site that the model has. */
export const unitsOf = ({ sites }: LanguageModel, site: Site): number =>
  sites.find((info) => info.site === site)?.width ?? 0;

/** Runs a model on a text's first tokens: this finds weights that are missing, misshapen or cause overflow. */
export async function tryModel(
  model: LanguageModel,
  text: ArrayLike<number>,
  sites: readonly Site[],
): Promise<void> {
  const start = Int32Array.from(text).slice(0, 2);
  const store = createModelStore(model, [start], sites, { skip: new Set() });
  for (const site of sites) await store.read(site, 0, store.rows);
}

/** Tries out each model of an SAE. */
export async function tryModels(
  { base, model }: SaeModels,
  texts: TokenRows,
  sites: readonly Site[],
): Promise<void> {
  const [text = []] = texts;
  for (const one of [base, model]) if (one) await tryModel(one, text, sites);
}

/** Why one model cannot have been tuned from the other, in words that follow "the models"; `undefined` if it can. */
export function pairProblem(base: LanguageModel, tuned: LanguageModel): string | undefined {
  const differs = (['layers', 'width', 'contextLength'] as const).find(
    (key) => base.info[key] !== tuned.info[key],
  );
  if (differs) return `differ in ${differs} (${base.info[differs]} and ${tuned.info[differs]})`;
  if (!sameTokens(base.tokenizer, tuned.tokenizer)) return 'have different tokenizers';
  return base.fingerprint === tuned.fingerprint ? 'are the same' : undefined;
}

/** Throws `models-mismatched` for a base that the model cannot have been tuned from. */
export function checkPair({ base, model }: SaeModels): void {
  const problem = base && pairProblem(base, model);
  if (problem === undefined) return;
  throw new FeedprintError({
    code: 'models-mismatched',
    message: `the models ${base?.name} and ${model.name} ${problem}`,
    remedy: 'pass a model and the base that it was tuned from',
  });
}
