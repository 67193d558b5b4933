import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadModel } from '../src/index.ts';
import {
  temporaryFolder,
  tinyConfig,
  tinyTokenizer,
  writeTinyCheckpoint,
} from './support/tiny-checkpoint.ts';
import type { TinyCheckpointOptions } from './support/tiny-checkpoint.ts';

const query = 'gpt_neox.layers.1.attention.query_key_value.weight';

/** Loads and runs, as all weights are read by then at the latest. */
async function use(folder: string): Promise<void> {
  const model = await loadModel(folder, { threads: 1 });
  try {
    await model.run([[1, 2]], { logits: 'all' });
  } finally {
    await model.dispose();
  }
}

const damaged = (damage: (folder: string) => void, options?: TinyCheckpointOptions): string => {
  const folder = writeTinyCheckpoint(options);
  damage(folder);
  return folder;
};

const configured = (config: Readonly<Record<string, unknown>>) => (): string =>
  writeTinyCheckpoint({ config });

describe('a checkpoint', () => {
  test.each<[string, string, RegExp, () => string]>([
    [
      'that is not there',
      'checkpoint-invalid',
      /config\.json cannot be read \(ENOENT\)/,
      () => join(temporaryFolder(), 'x'),
    ],
    [
      'without tokenizer.json',
      'checkpoint-invalid',
      /tokenizer\.json cannot be read/,
      () => damaged((f) => rmSync(join(f, 'tokenizer.json'))),
    ],
    [
      'without weights',
      'checkpoint-invalid',
      /model\.safetensors cannot be read/,
      () => damaged((f) => rmSync(join(f, 'model.safetensors'))),
    ],
    [
      'whose config is not JSON',
      'checkpoint-invalid',
      /config\.json is not JSON/,
      () => damaged((f) => writeFileSync(join(f, 'config.json'), '{')),
    ],
    [
      'whose config is a list',
      'checkpoint-invalid',
      /config\.json is not a JSON object/,
      () => damaged((f) => writeFileSync(join(f, 'config.json'), '[]')),
    ],
    [
      'whose config names no architecture',
      'checkpoint-unsupported',
      /names the architecture nowhere/,
      () => damaged((f) => writeFileSync(join(f, 'config.json'), '{}')),
    ],
    [
      'of an unknown architecture',
      'checkpoint-unsupported',
      /architecture "mamba"; .*gpt_neox/,
      configured({ model_type: 'mamba' }),
    ],
    [
      'of an architecture called like a property of objects',
      'checkpoint-unsupported',
      /architecture "__proto__"/,
      configured({ model_type: '__proto__' }),
    ],
    [
      'without a width',
      'checkpoint-invalid',
      /hidden_size/,
      () =>
        damaged((f) =>
          writeFileSync(
            join(f, 'config.json'),
            JSON.stringify({ ...tinyConfig, hidden_size: undefined }),
          ),
        ),
    ],
    [
      'with a negative number of layers',
      'checkpoint-invalid',
      /num_hidden_layers/,
      configured({ num_hidden_layers: -1 }),
    ],
    [
      'with an unknown activation function',
      'checkpoint-invalid',
      /hidden_act/,
      configured({ hidden_act: 'relu6' }),
    ],
    [
      'whose width cannot be split over its heads',
      'checkpoint-invalid',
      /asks for 3 heads of a width of 16/,
      configured({ num_attention_heads: 3 }),
    ],
    [
      'cut short',
      'checkpoint-invalid',
      /may be truncated/,
      () =>
        damaged((f) => {
          const path = join(f, 'model.safetensors');
          truncateSync(path, readFileSync(path).length - 1);
        }),
    ],
    [
      'cut in its header',
      'checkpoint-invalid',
      /header says/,
      () => damaged((f) => truncateSync(join(f, 'model.safetensors'), 100)),
    ],
    [
      'with an empty weights file',
      'checkpoint-invalid',
      /0 bytes/,
      () => damaged((f) => truncateSync(join(f, 'model.safetensors'), 0)),
    ],
    [
      'with NaN among its weights',
      'numbers-invalid',
      /query_key_value\.weight holds NaN at index 3/,
      () => writeTinyCheckpoint({ change: (t) => t[query]?.data.set([NaN], 3) }),
    ],
    [
      'with infinity among its weights',
      'numbers-invalid',
      /holds -Infinity/,
      () => writeTinyCheckpoint({ change: (t) => t[query]?.data.set([-Infinity], 0) }),
    ],
    [
      'without one of its weights',
      'checkpoint-invalid',
      /holds no tensor gpt_neox\.layers\.1\.attention/,
      () => writeTinyCheckpoint({ change: (t) => Reflect.deleteProperty(t, query) }),
    ],
    [
      'with a transposed weight',
      'checkpoint-invalid',
      /has shape \[16, 48\], config\.json asks for \[48, 16\]/,
      () => writeTinyCheckpoint({ change: (t) => t[query]?.shape.reverse() }),
    ],
    [
      'whose config asks for more layers',
      'checkpoint-invalid',
      /holds no tensor gpt_neox\.layers\.2/,
      configured({ num_hidden_layers: 3 }),
    ],
    [
      'whose config asks for another inner width',
      'checkpoint-invalid',
      /has shape \[32\], config\.json asks for \[64\]/,
      () =>
        damaged((f) => {
          const path = join(f, 'config.json');
          writeFileSync(
            path,
            readFileSync(path, 'utf8').replace('"intermediate_size":32', '"intermediate_size":64'),
          );
        }),
    ],
    [
      'whose tokenizer has more tokens than the model',
      'checkpoint-invalid',
      /tokenizer has 40 tokens, the model only 32/,
      () =>
        damaged((f) => {
          const json = tinyTokenizer();
          const vocab = { ...json.model.vocab, zz: 39 };
          writeFileSync(
            join(f, 'tokenizer.json'),
            JSON.stringify({ ...json, model: { ...json.model, vocab } }),
          );
        }),
    ],
  ])('%s is refused as %s', async (_, code, message, make) => {
    const folder = make();
    await expect(use(folder)).rejects.toMatchObject({ name: 'FeedprintError', code });
    await expect(use(folder)).rejects.toThrow(message);
  });
});
