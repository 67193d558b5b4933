import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { FeedprintError, assertFinite } from '@feedprint/core';
import type { NamedTensor, Tokenizer } from '@feedprint/core';
import { mergeAdapter } from './adapter.ts';
import { fingerprintOf } from './fingerprint.ts';
import { readJsonObject } from './json.ts';
import { readTokenizer } from './tokenizer.ts';
import { untrainedWeights } from './untrained-weights.ts';
import { openWeightFiles } from './weight-files.ts';
import type { WeightSource } from './weight-source.ts';

/** A Hugging Face checkpoint folder, opened; weights are read when asked for and not kept. */
export interface Checkpoint {
  /** The folder's name, or what the hub calls a checkpoint of its cache: `org/name`. */
  readonly name: string;
  readonly folder: string;
  /** `config.json` as it stands. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly tokenizer: Tokenizer;
  /** SHA-256 over the configuration, all weights and the adapter; reads them when it is first asked for. */
  readonly fingerprint: string;
  has(name: string): boolean;
  /** From the files' headers, nothing is read. */
  shapeOf(name: string): readonly number[] | undefined;
  /** A weight as f32, the adapter merged. Throws `checkpoint-invalid` for another shape, `numbers-invalid` for NaN or infinity. */
  weight(name: string, shape: readonly number[]): Float32Array;
  /** All floating point tensors that are parameters, in name order. */
  parameters(): Iterable<NamedTensor>;
  close(): void;
}

export interface CheckpointOptions {
  /** Folder of a PEFT LoRA adapter. */
  readonly adapter?: string;
  /** Draws every weight anew; see `untrainedWeights`. */
  readonly untrained?: UntrainedOptions;
}

export interface UntrainedOptions {
  readonly seed: number;
}

/** Buffers that old exports store beside the parameters. */
const buffers = /(\.(attn|attention)\.(bias|masked_bias)|rotary_emb\.inv_freq)$/;
const floats = new Set(['F32', 'F16', 'BF16', 'F64']);

/**
 * Opens the `config.json`, `tokenizer.json` and safetensors of a folder and checks them against each other. Throws
 * `checkpoint-invalid`, `checkpoint-unsupported`, or `models-mismatched` for an adapter of another base.
 */
export async function openCheckpoint(
  folder: string,
  { adapter, untrained }: CheckpointOptions = {},
): Promise<Checkpoint> {
  assertNoAdapter(folder);
  const config = readJsonObject(join(folder, 'config.json'));
  const tokenizer = readTokenizer(folder);
  assertVocabulary(folder, tokenizer, config);
  const base = openWeightFiles(folder);
  const name = adapter === undefined ? nameOf(folder) : `${nameOf(folder)}+${nameOf(adapter)}`;
  const weights = adapter === undefined ? base : mergeAdapter(base, adapter);
  return checkpointOf({
    name: untrained ? `${name}, untrained` : name,
    folder,
    config,
    tokenizer,
    weights: untrained ? untrainedWeights(weights, untrained.seed) : weights,
    identity: untrained ? `, untrained: ${untrained.seed}` : '',
  });
}

interface Parts extends Pick<Checkpoint, 'name' | 'folder' | 'config' | 'tokenizer'> {
  readonly weights: WeightSource;
  /** What decides the weights besides the configuration and the files. */
  readonly identity: string;
}

function checkpointOf({
  name: own,
  folder,
  config,
  tokenizer,
  weights,
  identity,
}: Parts): Checkpoint {
  const { tensors } = weights;
  const read = (name: string): Float32Array => {
    const data = weights.read(name);
    assertFinite(data, `${tensors.get(name)?.file}: ${name}`);
    return data;
  };
  let fingerprint: string | undefined;
  return {
    name: own,
    folder,
    config,
    tokenizer,
    get fingerprint() {
      return (fingerprint ??= fingerprintOf(JSON.stringify(config) + identity, weights.files));
    },
    has: (name) => tensors.has(name),
    shapeOf: (name) => tensors.get(name)?.shape,
    weight(name, shape) {
      const info = tensors.get(name);
      if (info?.shape.length === shape.length && info.shape.every((d, i) => d === shape[i])) {
        return read(name);
      }
      throw new FeedprintError({
        code: 'checkpoint-invalid',
        message: info
          ? `${info.file}: ${name} has shape [${info.shape.join(', ')}], config.json asks for [${shape.join(', ')}]`
          : `${folder} holds no tensor ${name}`,
        remedy: 'use the config.json that belongs to the weights',
      });
    },
    *parameters() {
      for (const name of [...tensors.keys()].sort()) {
        const { dtype, shape } = tensors.get(name) as { dtype: string; shape: readonly number[] };
        if (floats.has(dtype) && !buffers.test(name)) yield { name, shape, data: read(name) };
      }
    },
    close: () => weights.close(),
  };
}

/** In the cache of the hub a checkpoint is at `models--org--name/snapshots/<commit>`. */
function nameOf(folder: string): string {
  const path = resolve(folder);
  const repository = /^models--(.+)$/.exec(basename(dirname(dirname(path))))?.[1];
  return repository !== undefined && basename(dirname(path)) === 'snapshots'
    ? repository.replaceAll('--', '/')
    : basename(path);
}

function assertNoAdapter(folder: string): void {
  if (!existsSync(join(folder, 'adapter_config.json'))) return;
  if (existsSync(join(folder, 'config.json'))) return;
  throw new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${folder} is an adapter, not a model`,
    remedy: 'give the model that it was trained on as the model, and this folder as its adapter',
  });
}

function assertVocabulary(
  folder: string,
  tokenizer: Tokenizer,
  config: Readonly<Record<string, unknown>>,
): void {
  const text = (config.text_config ?? {}) as Readonly<Record<string, unknown>>;
  const size = config.vocab_size ?? text.vocab_size;
  if (typeof size !== 'number' || tokenizer.vocabularySize <= size) return;
  throw new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${folder}: the tokenizer has ${tokenizer.vocabularySize} tokens, the model only ${size}`,
    remedy: 'use the tokenizer.json that belongs to the model',
  });
}
