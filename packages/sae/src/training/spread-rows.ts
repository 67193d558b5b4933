import type { ActivationStore, Matrix, Site } from '@feedprint/core';

/** Neighbouring rows taken together. */
const CHUNK = 1024;

/** About `wanted` rows of a store, in chunks spread evenly over it; all of them if there are no more than that. */
export async function* spreadRows(
  store: ActivationStore,
  site: Site,
  wanted = 131_072,
): AsyncGenerator<Matrix> {
  const all = Math.ceil(store.rows / CHUNK);
  const chunks = Math.min(all, Math.max(1, Math.round(wanted / CHUNK)));
  for (let i = 0; i < chunks; i++) {
    const start = Math.floor((i * all) / chunks) * CHUNK;
    yield await store.read(site, start, Math.min(store.rows, start + CHUNK));
  }
}
