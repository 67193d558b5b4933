import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { readJsonObject } from '../checkpoint/json.ts';

/** The parts of a `config.json` that matter here; architectures name things differently. */
export interface OnnxConfig {
  readonly architecture: string;
  readonly layers: number | undefined;
  readonly width: number;
  readonly innerWidth: number | undefined;
  readonly vocabularySize: number | undefined;
  readonly contextLength: number | undefined;
  /** Number of key and value heads. */
  readonly cacheHeads: number | undefined;
  readonly headSize: number | undefined;
  readonly paddingId: number | undefined;
  readonly labels: readonly string[] | undefined;
  /** The file as it is. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** The folder that contains `name`: the model's own or the one above (as for `onnx/model.onnx`). */
export function findFolderWith(name: string, file: string): string | undefined {
  const folder = dirname(resolve(file));
  return [folder, dirname(folder)].find((candidate) => existsSync(join(candidate, name)));
}

/** The same, but throws `checkpoint-invalid` if there is none. */
function folderWith(name: string, file: string, remedy: string): string {
  const found = findFolderWith(name, file);
  if (found !== undefined) return found;
  throw new FeedprintError({
    code: 'checkpoint-invalid',
    message: `there is no ${name} next to ${file} or one folder up`,
    remedy,
  });
}

/** Reads the `config.json` of a model that runs as it is: only sizes matter. Throws `checkpoint-invalid`. */
export function readOnnxConfig(file: string): OnnxConfig {
  const folder = folderWith('config.json', file, "put the model's config.json there");
  const path = join(folder, 'config.json');
  const outer = readJsonObject(path);
  const inner = outer.text_config;
  const json = isObject(inner) ? { ...outer, ...inner } : outer;
  const integer = (...keys: readonly string[]): number | undefined => {
    const value = keys.map((key) => json[key]).find((v) => typeof v === 'number');
    if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0)) {
      return value as number | undefined;
    }
    throw new FeedprintError({
      code: 'checkpoint-invalid',
      message: `${path}: ${keys[0]} is ${String(value)}`,
      remedy: 'use the config.json that belongs to the model',
    });
  };
  const width = integer('hidden_size', 'n_embd', 'd_model', 'dim');
  if (!width) {
    throw new FeedprintError({
      code: 'checkpoint-invalid',
      message: `${path} does not say the width of the model (hidden_size or n_embd)`,
      remedy: 'use the config.json that belongs to the model',
    });
  }
  const heads = integer('num_attention_heads', 'n_head', 'num_heads');
  return {
    architecture: typeof outer.model_type === 'string' ? outer.model_type : 'unknown',
    layers: integer('num_hidden_layers', 'n_layer', 'num_layers', 'n_layers'),
    width,
    innerWidth: integer('intermediate_size', 'n_inner', 'ffn_dim', 'ffn_hidden_size'),
    vocabularySize: integer('vocab_size'),
    contextLength: integer(
      'max_position_embeddings',
      'n_positions',
      'n_ctx',
      'max_seq_len',
      'seq_length',
    ),
    cacheHeads: integer('num_key_value_heads') ?? heads,
    headSize: integer('head_dim') ?? (heads ? width / heads : undefined),
    paddingId: integer('pad_token_id'),
    labels: isObject(json.id2label) ? Object.values(json.id2label).map(String) : undefined,
    json: outer,
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
