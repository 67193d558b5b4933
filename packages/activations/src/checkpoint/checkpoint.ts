import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { FeedprintError, assertFinite, openSafetensors } from '@feedprint/core';
import type { NamedTensor, Tokenizer } from '@feedprint/core';
import { readConfig } from './config.ts';
import type { ModelConfig } from './config.ts';
import { readTokenizer } from './tokenizer.ts';

/** A Hugging Face checkpoint folder, opened; weights are read when asked for. */
export interface Checkpoint {
  readonly name: string;
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  /** SHA-256 over the weights file and the configuration. */
  readonly fingerprint: string;
  has(name: string): boolean;
  /** A weight as f32. Throws `checkpoint-invalid` for another shape, `numbers-invalid` for NaN or infinity. */
  weight(name: string, shape: readonly number[]): Float32Array;
  /** All floating point tensors that are parameters, in name order. */
  parameters(): Iterable<NamedTensor>;
  close(): void;
}

/** Buffers that old exports store beside the parameters. */
const buffers = /(\.attention\.(bias|masked_bias)|rotary_emb\.inv_freq)$/;

/** Opens `config.json`, `tokenizer.json` and `model.safetensors` of a folder and checks them against each other. */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const config = readConfig(folder);
  const tokenizer = readTokenizer(folder);
  if (tokenizer.vocabularySize > config.vocab_size) {
    throw new FeedprintError({
      code: 'checkpoint-invalid',
      message: `${folder}: the tokenizer has ${tokenizer.vocabularySize} tokens, the model only ${config.vocab_size}`,
      remedy: 'use the tokenizer.json that belongs to the model',
    });
  }
  const path = join(folder, 'model.safetensors');
  const file = openSafetensors(path);
  const hash = createHash('sha256').update(JSON.stringify(config));
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);

  const read = (name: string): NamedTensor => {
    const data = file.readFloats(name);
    assertFinite(data, `${path}: ${name}`);
    return { name, shape: file.tensors.get(name)?.shape ?? [], data };
  };
  return {
    name: basename(resolve(folder)),
    config,
    tokenizer,
    fingerprint: hash.digest('hex'),
    has: (name) => file.tensors.has(name),
    weight(name, shape) {
      const tensor = read(name);
      if (tensor.shape.length === shape.length && tensor.shape.every((d, i) => d === shape[i])) {
        return tensor.data;
      }
      throw new FeedprintError({
        code: 'checkpoint-invalid',
        message: `${path}: ${name} has shape [${tensor.shape.join(', ')}], config.json asks for [${shape.join(', ')}]`,
        remedy: 'use the config.json that belongs to the weights',
      });
    },
    *parameters() {
      for (const name of [...file.tensors.keys()].sort()) {
        if (!buffers.test(name)) yield read(name);
      }
    },
    close: () => file.close(),
  };
}
