import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError, openSafetensors } from '@feedprint/core';
import { readAdapterConfig } from './adapter-config.ts';
import { sortTensors } from './adapter-tensors.ts';
import type { Factors } from './adapter-tensors.ts';
import { addLowRank, transposed } from './low-rank.ts';
import { weightInfo } from './weight-source.ts';
import type { WeightSource } from './weight-source.ts';

/**
 * The weights of `base` with a PEFT LoRA adapter (`adapter_config.json`, `adapter_model.safetensors`) merged in as they are read:
 * W + scale B A, scale = alpha / r, or alpha / sqrt(r) if rank-stabilised (Hu et al. 2021, Kalajdzievski 2023); tensors that the
 * adapter holds whole replace the base's. Closes `base` with itself. Throws `checkpoint-invalid`, `checkpoint-unsupported` for
 * other kinds of adapter, `models-mismatched` for one of another base.
 */
export function mergeAdapter(base: WeightSource, folder: string): WeightSource {
  try {
    return openAdapter(base, folder);
  } catch (error) {
    base.close();
    throw error;
  }
}

function openAdapter(base: WeightSource, folder: string): WeightSource {
  const config = readAdapterConfig(folder);
  const path = join(folder, 'adapter_model.safetensors');
  assertNoPickle(folder, path);
  const file = openSafetensors(path);
  try {
    const { whole, factors } = sortTensors(file, config, base);
    const tensors = new Map(base.tensors);
    for (const [name, stored] of whole) {
      tensors.set(name, weightInfo(file, stored));
    }
    return {
      files: [...base.files, join(folder, 'adapter_config.json'), path],
      tensors,
      read(name) {
        const stored = whole.get(name);
        const weight = stored === undefined ? base.read(name) : file.readFloats(stored);
        const update = factors.get(name);
        if (update) {
          merge(weight, update, file.readFloats(update.a), file.readFloats(update.b));
        }
        return weight;
      },
      close() {
        file.close();
        base.close();
      },
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** `a` is `[rank, input]`, `b` `[output, rank]`. */
function merge(weight: Float32Array, update: Factors, a: Float32Array, b: Float32Array): void {
  const { input, output, rank, scale, inputFirst } = update;
  addLowRank(
    weight,
    inputFirst
      ? {
          ...{ rows: input, columns: output, rank, scale },
          left: transposed(a, rank, input),
          right: transposed(b, output, rank),
        }
      : { rows: output, columns: input, rank, scale, left: b, right: a },
  );
}

function assertNoPickle(folder: string, path: string): void {
  if (existsSync(path) || !existsSync(join(folder, 'adapter_model.bin'))) return;
  throw new FeedprintError({
    code: 'checkpoint-unsupported',
    message: `${folder} holds adapter_model.bin, a Python pickle, and no safetensors`,
    remedy: 'load it with peft and save it again, which writes safetensors',
  });
}
