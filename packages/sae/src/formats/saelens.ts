import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { SaeFormat } from '@feedprint/core';
import { readSaeLens } from './saelens-read.ts';
import { writeSaeLens } from './saelens-write.ts';

export interface SaeLensOptions {
  readonly threads?: number;
}

/**
 * SAELens folders: `cfg.json`, `sae_weights.safetensors`, `sparsity.safetensors` (log10 of the firing frequency). Writes
 * version 6, every kind that SAELens has a place for: tied SAEs as `standard`, BatchTopK and Matryoshka ones as `jumprelu`,
 * each with the same features; `metadata` holds what they were originally. Crosscoders throw `usage`.
 */
export function createSaeLensFormat(options: SaeLensOptions = {}): SaeFormat {
  return {
    name: 'saelens',
    settings: {},
    async save(sae, folder, density) {
      if (sae.kind === 'crosscoder') {
        throw new FeedprintError({
          code: 'usage',
          message: 'SAELens has no architecture for a crosscoder',
          remedy: 'save it with createFeedprintFormat, whose folders Feedprint reads',
        });
      }
      writeSaeLens(sae, folder, density);
    },
    load: async (folder) => readSaeLens(folder, join(folder, 'sae_weights.safetensors'), options),
  };
}

/** SAELens folders, plus crosscoders in the same files with the architecture `crosscoder`, which SAELens refuses by name. */
export function createFeedprintFormat(options: SaeLensOptions = {}): SaeFormat {
  return {
    ...createSaeLensFormat(options),
    name: 'feedprint',
    save: async (sae, folder, density) => writeSaeLens(sae, folder, density),
  };
}
