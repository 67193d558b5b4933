import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { readJson } from './json-file.ts';
import { assertNoPickle, pickleNames } from './pickle.ts';
import { unsupported } from './refusals.ts';
import type { SaeSource } from './sae-reader.ts';
import { openTensorFile } from './tensor-file.ts';

/** Files of tensors that accompany an SAE's weights. */
const companions = new Set([
  'sparsity.safetensors',
  'activations_store_state.safetensors',
  'activation_whitening.safetensors',
  'examples.safetensors',
]);

/**
 * Inspects a folder, or a weights file with its configuration next to it, and opens the weights. Throws
 * `checkpoint-invalid`, or `checkpoint-unsupported` for pickles and for several files that may be the weights.
 */
export function openSource(path: string): SaeSource {
  const isFile = !statOf(path).isDirectory() && extname(path) !== '.json';
  const folder = statOf(path).isDirectory() ? path : dirname(path);
  const weightsPath = isFile ? path : weightsIn(folder);
  const cfg = objectIn(join(folder, 'cfg.json'));
  const config = objectIn(join(folder, 'config.json'));
  return {
    folder,
    ...(cfg && { cfg }),
    ...(config && { config }),
    ...(weightsPath !== undefined && { weightsPath, weights: openTensorFile(weightsPath) }),
  };
}

function weightsIn(folder: string): string | undefined {
  const names = readdirSync(folder).sort();
  const found = names.filter(
    (name) => ['.safetensors', '.npz'].includes(extname(name)) && !companions.has(name),
  );
  if (found.length > 1) {
    throw unsupported(
      folder,
      `it holds several files of weights: ${found.slice(0, 5).join(', ')}`,
      'name the one to read',
    );
  }
  const [name] = found;
  if (name !== undefined) return join(folder, name);
  const pickle = names.find((other) => pickleNames.test(other) && other !== 'trainer_state.pt');
  if (pickle !== undefined) assertNoPickle(join(folder, pickle));
  return undefined;
}

function objectIn(path: string): Readonly<Record<string, unknown>> | undefined {
  if (!existsSync(path)) return undefined;
  const value = readJson(path);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${path} does not hold a JSON object`,
    remedy: 'download or export it again',
  });
}

function statOf(path: string): ReturnType<typeof statSync> & object {
  try {
    return statSync(path);
  } catch (cause) {
    throw new FeedprintError({
      code: 'checkpoint-invalid',
      message: `${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`,
      remedy: 'give the folder or the weights file of an SAE',
      cause,
    });
  }
}
