import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { writeSafetensors } from '@feedprint/core';
import type { TensorToWrite } from '@feedprint/core';

/** `config.json` of a GPT-NeoX of 2 layers, 16 units, 32 tokens and a context of 16. */
export const tinyConfig = {
  model_type: 'gpt_neox',
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 32,
  vocab_size: 32,
  max_position_embeddings: 16,
};

type Tensors = Record<string, { shape: number[]; data: Float32Array }>;

export interface TinyCheckpointOptions {
  /** Merged into `tinyConfig`; `undefined` removes a key. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Changes the tensors before they are written. */
  readonly change?: (tensors: Tensors) => unknown;
  readonly dtype?: 'F32' | 'F16' | 'BF16';
  /** Mixed into every weight, so that checkpoints differ. */
  readonly seed?: number;
}

const root = mkdtempSync(join(tmpdir(), 'feedprint-activations-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

/** An empty folder that is gone when the test file ends. */
export function temporaryFolder(): string {
  const folder = join(root, `${count++}`);
  mkdirSync(folder);
  return folder;
}

/** Writes a complete checkpoint whose weights follow from their names, and gives its folder. */
export function writeTinyCheckpoint(options: TinyCheckpointOptions = {}): string {
  const { config: changes = {}, change, dtype = 'F32', seed = 0 } = options;
  const folder = temporaryFolder();
  const config = { ...tinyConfig, ...changes };
  const tensors = tinyTensors(config, seed);
  change?.(tensors);
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tinyTokenizer()));
  const path = join(folder, 'model.safetensors');
  if (dtype === 'F32') writeSafetensors(path, tensors);
  else writeHalves(path, tensors, dtype);
  return folder;
}

/** Byte-level BPE over ` `, a to z, and the merges that make " good" one token, 31. */
export function tinyTokenizer() {
  const letters = ['Ġ', ...'abcdefghijklmnopqrstuvwxyz'];
  const tokens = ['<|endoftext|>', ...letters, 'oo', 'Ġg', 'ood', 'Ġgood'];
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    version: '1.0',
    added_tokens: [
      {
        id: 0,
        content: '<|endoftext|>',
        special: true,
        normalized: false,
        lstrip: false,
        rstrip: false,
        single_word: false,
      },
    ],
    normalizer: null,
    pre_tokenizer: bytes,
    post_processor: bytes,
    decoder: bytes,
    model: {
      type: 'BPE',
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id] as const)),
      merges: ['o o', 'Ġ g', 'oo d', 'Ġg ood'],
    },
  };
}

function tinyTensors(config: Readonly<Record<string, unknown>>, seed: number): Tensors {
  const {
    hidden_size: d,
    intermediate_size: inner,
    vocab_size: vocabulary,
  } = config as typeof tinyConfig;
  const shapes: Record<string, number[]> = { 'gpt_neox.embed_in.weight': [vocabulary, d] };
  const affine = (name: string, output: number[], bias = true): void => {
    shapes[`${name}.weight`] = output;
    if (bias) shapes[`${name}.bias`] = [output[0] as number];
  };
  const biased = config.attention_bias !== false;
  for (let layer = 0; layer < tinyConfig.num_hidden_layers; layer++) {
    const block = `gpt_neox.layers.${layer}`;
    affine(`${block}.input_layernorm`, [d]);
    affine(`${block}.post_attention_layernorm`, [d]);
    affine(`${block}.attention.query_key_value`, [3 * d, d], biased);
    affine(`${block}.attention.dense`, [d, d], biased);
    affine(`${block}.mlp.dense_h_to_4h`, [inner, d]);
    affine(`${block}.mlp.dense_4h_to_h`, [d, inner]);
  }
  affine('gpt_neox.final_layer_norm', [d]);
  if (config.tie_word_embeddings !== true) shapes['embed_out.weight'] = [vocabulary, d];
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      { shape, data: tinyWeights(name, shape, seed) },
    ]),
  );
}

/**
 * Multiples of 1/64 between -0.5 and 0.5, about 1 for norms: exact in f16 and bf16. The rule of tools/golden/tiny_variants.py and
 * architectures.py.
 */
export function tinyWeights(name: string, shape: readonly number[], seed = 0): Float32Array {
  let salt = 0x811c9dc5 ^ seed;
  for (const byte of Buffer.from(name)) salt = Math.imul(salt ^ byte, 0x01000193);
  const centre = shape.length === 1 && name.endsWith('.weight') ? 1 : 0;
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => {
    const bits = avalanche((salt + Math.imul(i, 0x9e3779b9)) | 0);
    return centre + (Math.floor((bits * 65) / 2 ** 32) - 32) / 64;
  });
}

function avalanche(bits: number): number {
  let z = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/** A safetensors file of 16-bit floats; the values must be exact in them. */
function writeHalves(
  path: string,
  tensors: Readonly<Record<string, TensorToWrite>>,
  dtype: 'F16' | 'BF16',
): void {
  const header: Record<string, unknown> = {};
  const parts: Uint16Array[] = [];
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const bits = new Uint32Array(data.buffer);
    const halves = Uint16Array.from(bits, (b) => (dtype === 'BF16' ? b >>> 16 : toHalf(b)));
    header[name] = { dtype, shape, data_offsets: [offset, offset + halves.byteLength] };
    offset += halves.byteLength;
    parts.push(halves);
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  writeFileSync(path, Buffer.concat([length, json, ...parts.map((p) => new Uint8Array(p.buffer))]));
}

/** f16 of an f32 that is zero or normal in f16 and exact there. */
const toHalf = (bits: number): number =>
  bits === 0 ? 0 : ((bits >>> 16) & 0x8000) | ((((bits >>> 13) & 0x3ffff) - (112 << 10)) & 0x7fff);
