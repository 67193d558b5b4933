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

/** Says of a tensor's bytes that they are 8-bit floats; there are four times as many. */
function inFloat8(path: string, name: string): void {
  const file = readFileSync(path);
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString('utf8', 8, 8 + length)) as Record<
    string,
    { dtype: string; shape: number[] }
  >;
  const tensor = header[name];
  if (tensor) Object.assign(tensor, { dtype: 'F8_E4M3', shape: [4, ...tensor.shape] });
  const json = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(json.length));
  writeFileSync(path, Buffer.concat([prefix, json, file.subarray(8 + length)]));
}

const configured = (config: Readonly<Record<string, unknown>>) => (): string =>
  writeTinyCheckpoint({ config });

describe('a checkpoint', () => {
  test.each<[string, string, RegExp, () => string]>([
    [
      'that is not there',
      'checkpoint-invalid',
      /is neither a folder nor the name of a model on the hub/,
      () => join(temporaryFolder(), 'x'),
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
      /asks for 3 heads in a width of 16/,
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
      /tokenizer has 40 tokens, the model has only 32/,
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
    [
      'of 8-bit floats',
      'checkpoint-unsupported',
      /query_key_value\.weight is stored as float8 \(F8_E4M3\); use the checkpoint that it was made from, in f32/,
      () => damaged((f) => inFloat8(join(f, 'model.safetensors'), query)),
    ],
  ])('%s is refused as %s', async (_, code, message, make) => {
    const folder = make();
    await expect(use(folder)).rejects.toMatchObject({ name: 'FeedprintError', code });
    await expect(use(folder)).rejects.toThrow(message);
  });

  test('without tokenizer.json runs token ids, and says what is missing when it is given a text', async () => {
    const folder = damaged((f) => rmSync(join(f, 'tokenizer.json')));
    await use(folder);
    const { tokenizer, dispose } = await loadModel(folder);
    for (const ask of [
      () => tokenizer.encode('a'),
      () => tokenizer.decode([1]),
      () => tokenizer.tokenText(1),
      () => tokenizer.fingerprint,
      () => tokenizer.specialIds,
      () => tokenizer.vocabularySize,
    ]) {
      expect(ask).toThrow(tokenizer.missing);
    }
    expect(tokenizer.missing?.message).toMatch(
      /no tokenizer\.json in .*; put the model's own there/,
    );
    await dispose();
  });

  test('whose tokenizer has special tokens beyond its rows is used without them', async () => {
    const padded = (special: boolean): string =>
      damaged((f) => {
        const json = tinyTokenizer();
        const pad = { ...json.added_tokens[0], id: 32, content: '[PAD]', special };
        writeFileSync(
          join(f, 'tokenizer.json'),
          JSON.stringify({ ...json, added_tokens: [...json.added_tokens, pad] }),
        );
      });
    const model = await loadModel(padded(true));
    expect(model.tokenizer.encode('a good')).toEqual([2, 31]);
    await expect(model.run([model.tokenizer.encode('[PAD]')], {})).rejects.toThrow(
      /token id 32 is outside the vocabulary of 32/,
    );
    await model.dispose();
    await expect(loadModel(padded(false))).rejects.toThrow(
      /tokenizer has 33 tokens, the model has only 32/,
    );
  });
});
