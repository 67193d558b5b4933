import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointModel } from '@feedprint/activations';
import { toBfloat16, toHalf, writeSafetensors } from '@feedprint/core';
import type { TensorToWrite } from '@feedprint/core';
import { makeFolder, replaceFile, toOutputError } from '@feedprint/core/files';

/** Number type of saved weights: 32 bits, which keep every step, or what the base is stored in. */
export type SavedDtype = 'float32' | 'base';

/** What goes along with the weights. */
const companions =
  /^(tokenizer.*|special_tokens_map\.json|added_tokens\.json|vocab\.(json|txt)|merges\.txt|chat_template\.\w+|generation_config\.json)$/;

/**
 * Writes a Hugging Face checkpoint: the base's configuration, tokenizer and weights with `changed` in place of its own.
 * A head that is tied to the embeddings is not stored, as in the base. Throws `output-unwritable`.
 */
export async function saveModel(
  { checkpoint }: CheckpointModel,
  changed: ReadonlyMap<string, Float32Array>,
  folder: string,
  dtype: SavedDtype = 'float32',
): Promise<void> {
  const tensors: Record<string, TensorToWrite> = {};
  const types = new Set<string>();
  for (const tensor of checkpoint.parameters()) {
    const { name, shape, sameAs } = tensor;
    if (sameAs !== undefined) continue;
    const stored = dtype === 'float32' ? 'F32' : (checkpoint.infoOf(name)?.dtype ?? 'F32');
    types.add(stored);
    tensors[name] = encoded(changed.get(name) ?? tensor.data, shape, stored);
  }
  const { config } = checkpoint;
  const key = 'torch_dtype' in config ? 'torch_dtype' : 'dtype';
  const described = {
    ...config,
    [key]: dtypeNames[[...types].sort().at(-1) ?? 'F32'] ?? 'float32',
  };
  await prepareFolder(folder);
  copyCompanions(checkpoint.folder, folder);
  await replaceFile(join(folder, 'config.json'), (aside) =>
    writeFile(aside, `${JSON.stringify(described, null, 2)}\n`),
  );
  await replaceFile(join(folder, 'model.safetensors'), (aside) =>
    writeSafetensors(aside, tensors, { format: 'pt' }),
  );
}

const dtypeNames: Readonly<Record<string, string>> = {
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
};

function encoded(data: Float32Array, shape: readonly number[], stored: string): TensorToWrite {
  if (stored === 'F16') return { shape, data: Uint16Array.from(data, toHalf), half: 'F16' };
  if (stored === 'BF16') return { shape, data: Uint16Array.from(data, toBfloat16), half: 'BF16' };
  return { shape, data };
}

export async function prepareFolder(folder: string): Promise<void> {
  try {
    makeFolder(folder);
  } catch (error) {
    throw toOutputError(error, folder);
  }
}

/** Copies tokenizer and generation settings. */
export function copyCompanions(from: string, to: string): void {
  for (const name of existsSync(from) ? readdirSync(from) : []) {
    if (companions.test(name)) copyFileSync(join(from, name), join(to, name));
  }
}
