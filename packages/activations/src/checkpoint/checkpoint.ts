import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { FeedprintError, assertFinite } from '@feedprint/core';
import type { NamedTensor, Tokenizer } from '@feedprint/core';
import { describeDecoder } from '../architectures/architectures.ts';
import type { Decoder } from '../architectures/decoder.ts';
import { mergeAdapter } from './adapter.ts';
import { decoderWeights } from './decoder-weights.ts';
import { fingerprintOf } from './fingerprint.ts';
import { readJsonObject } from './json.ts';
import { readTokenizer } from './tokenizer.ts';
import { untrainedWeights } from './untrained-weights.ts';
import { assertVocabulary } from './vocabulary.ts';
import { openWeightFiles } from './weight-files.ts';
import type { WeightInfo, WeightSource } from './weight-source.ts';

/** A Hugging Face checkpoint folder, opened; weights are read when asked for and not kept. */
export interface Checkpoint {
  /** The folder's name or, for a checkpoint in the hub's cache, its name on the hub: `org/name`. */
  readonly name: string;
  readonly folder: string;
  /** `config.json` as it is. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What the configuration describes, including what an adapter changes; weights go by its names. */
  readonly decoder: Decoder;
  readonly tokenizer: Tokenizer;
  /** SHA-256 over the configuration, all weights and the adapter; reads them when it is first asked for. */
  readonly fingerprint: string;
  /** From the files' headers; no weights are read. */
  infoOf(name: string): WeightInfo | undefined;
  /**
   * Throws `checkpoint-invalid` for a weight that is missing or has another shape, `checkpoint-unsupported` for one of
   * another type.
   */
  check(name: string, shape: readonly (number | string)[]): void;
  /**
   * A weight as f32, with the adapter merged in. Throws what `check` throws, and `numbers-invalid` for NaN or infinity.
   */
  weight(name: string, shape: readonly number[]): Float32Array;
  /** Names of all floating point tensors, in order. */
  readonly names: readonly string[];
  /** Those tensors, or only the named ones; each one's numbers are read when they are first asked for. */
  parameters(wanted?: ReadonlySet<string>): Iterable<NamedTensor>;
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
  const name = adapter === undefined ? nameOf(folder) : `${nameOf(folder)}+${nameOf(adapter)}`;
  const described = describeDecoder(config, `config.json of ${nameOf(folder)}`);
  const base = openDecoderWeights(folder, described);
  const { weights, decoder } =
    adapter === undefined
      ? { weights: base, decoder: described }
      : mergeAdapter(base, adapter, described);
  assertVocabulary(folder, tokenizer, decoder.vocabularySize);
  return checkpointOf({
    name: untrained ? `${name}, untrained` : name,
    folder,
    config,
    decoder,
    tokenizer,
    weights: untrained ? untrainedWeights(weights, untrained.seed) : weights,
    identity: untrained ? `, untrained: ${untrained.seed}` : '',
  });
}

interface Parts extends Pick<Checkpoint, 'name' | 'folder' | 'config' | 'decoder' | 'tokenizer'> {
  readonly weights: WeightSource;
  /** What determines the weights besides the configuration and the files. */
  readonly identity: string;
}

function checkpointOf({
  name: own,
  folder,
  config,
  decoder,
  tokenizer,
  weights,
  identity,
}: Parts): Checkpoint {
  const { tensors } = weights;
  const names = [...tensors]
    .flatMap(([name, { dtype }]) => (floats.has(dtype) ? [name] : []))
    .sort();
  const read = (name: string): Float32Array => {
    const data = weights.read(name);
    assertFinite(data, `${tensors.get(name)?.file}: ${name}`);
    return data;
  };
  const check: Checkpoint['check'] = (name, shape) => {
    const info = tensors.get(name);
    if (!info) throw unfit(`${folder} holds no tensor ${name}`);
    const { file, dtype } = info;
    if (!floats.has(dtype)) throw unreadable(`${file}: ${name} is stored as ${typeName(dtype)}`);
    if (info.shape.join() === shape.join()) return;
    const shapes = `has shape [${info.shape.join(', ')}], config.json asks for [${shape.join(', ')}]`;
    throw unfit(`${file}: ${name} ${shapes}`);
  };
  let fingerprint: string | undefined;
  return {
    name: own,
    folder,
    config,
    decoder,
    tokenizer,
    get fingerprint() {
      return (fingerprint ??= fingerprintOf(JSON.stringify(config) + identity, weights.files));
    },
    infoOf: (name) => tensors.get(name),
    check,
    weight(name, shape) {
      check(name, shape);
      return read(name);
    },
    names,
    *parameters(wanted) {
      for (const name of names) {
        if (wanted && !wanted.has(name)) continue;
        const { shape, sameAs } = tensors.get(name) as WeightInfo;
        const layer = layerOf(name, decoder);
        let held: Float32Array | undefined;
        yield {
          name,
          shape,
          ...(layer !== undefined && { layer }),
          ...(sameAs !== undefined && { sameAs }),
          get data() {
            return (held ??= read(sameAs ?? name));
          },
        };
      }
    },
    close: () => weights.close(),
  };
}

function openDecoderWeights(folder: string, decoder: Decoder): WeightSource {
  const files = openWeightFiles(folder);
  try {
    return decoderWeights(files, decoder);
  } catch (error) {
    files.close();
    throw error;
  }
}

function layerOf(name: string, { prefix }: Decoder): number | undefined {
  const layer = name.startsWith(prefix) && /^(?:layers|h)\.(\d+)\./.exec(name.slice(prefix.length));
  return layer ? Number(layer[1]) : undefined;
}

const unfit = (message: string): FeedprintError =>
  new FeedprintError({
    code: 'checkpoint-invalid',
    message,
    remedy: 'use the config.json that belongs to the weights',
  });

/** A number type, as users call it. */
const typeName = (dtype: string): string => {
  const [, bits] = /^F(\d+)_/.exec(dtype) ?? [];
  return bits === undefined ? dtype : `float${bits} (${dtype})`;
};

const unreadable = (message: string): FeedprintError =>
  new FeedprintError({
    code: 'checkpoint-unsupported',
    message,
    remedy: 'use the checkpoint that it was made from, in f32, f16 or bf16',
  });

/** In the hub's cache, a checkpoint is at `models--org--name/snapshots/<commit>`. */
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
    remedy: 'pass the model that it was trained on as the model, and this folder as its adapter',
  });
}
