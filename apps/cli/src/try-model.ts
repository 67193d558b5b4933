import { createModelStore } from '@feedprint/activations';
import type { LanguageModel, Site } from '@feedprint/core';

/** Runs a model on a text's first tokens: it finds weights that are missing, misshapen or overflow. */
export async function tryModel(
  model: LanguageModel,
  text: Int32Array,
  sites: readonly Site[],
): Promise<void> {
  const store = createModelStore(model, [text.slice(0, 2)], sites, { skip: new Set() });
  for (const site of sites) await store.read(site, 0, store.rows);
}
