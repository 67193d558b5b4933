import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { loadModel } from '@feedprint/activations';
import type { CheckpointModel } from '@feedprint/activations';
import { writeSafetensors } from '@feedprint/core';

/** A tiny model as golden files describe it. */
export interface GoldenModel {
  readonly config: Readonly<Record<string, unknown>>;
  /** Shapes by name. */
  readonly tensors: Readonly<Record<string, readonly number[]>>;
}

type Numbers = (name: string, shape: readonly number[]) => Float32Array;

const root = mkdtempSync(join(tmpdir(), 'feedprint-finetune-'));
const loaded: CheckpointModel[] = [];
afterAll(async () => {
  await Promise.all(loaded.map((model) => model.dispose()));
  rmSync(root, { recursive: true, force: true });
});
let count = 0;

/** An empty folder that is gone when the test file ends. */
export function temporaryFolder(): string {
  const folder = join(root, `${count++}`);
  mkdirSync(folder);
  return folder;
}

/** Writes the model as a checkpoint folder. */
export function writeGolden(
  { config, tensors }: GoldenModel,
  numbers: Numbers = tinyWeights,
): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(wordTokenizer()));
  const written = Object.entries(tensors).map(([name, shape]) => [
    name,
    { shape, data: numbers(name, shape) },
  ]);
  writeSafetensors(join(folder, 'model.safetensors'), Object.fromEntries(written));
  return folder;
}

/** Loads the model; it is disposed of when the test file ends. */
export async function loadGolden(model: GoldenModel, numbers?: Numbers): Promise<CheckpointModel> {
  return loadFolder(writeGolden(model, numbers));
}

export async function loadFolder(
  folder: string,
  options: { readonly adapter?: string } = {},
): Promise<CheckpointModel> {
  const model = (await loadModel(folder, { threads: 1, ...options })) as CheckpointModel;
  loaded.push(model);
  return model;
}

/** The weights of tools/golden/tiny_weights.py: multiples of 1/64 between -0.5 and 0.5, about 1 for norms. */
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

/** Reads `t5 t9` as 5, 9; 0 ends a text. */
function wordTokenizer() {
  const special = { special: true, normalized: false, lstrip: false, rstrip: false };
  return {
    version: '1.0',
    added_tokens: [{ id: 0, content: 't0', single_word: false, ...special }],
    normalizer: null,
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(Array.from({ length: 96 }, (_, i) => [`t${i}`, i])),
      unk_token: 't0',
    },
  };
}
