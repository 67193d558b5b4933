import { describe, expect, test } from '@jest/globals';
import type { LanguageModel, Matrix } from '@feedprint/core';
import { loadModel } from '../../src/index.ts';
import { loadTiny } from '../support/load-tiny.ts';
import { tinyWeights, writeTinyCheckpoint } from '../support/tiny-checkpoint.ts';
import type { TinyCheckpointOptions } from '../support/tiny-checkpoint.ts';

const EMBEDDINGS = 'gpt_neox.embed_in.weight';
const HEAD = 'embed_out.weight';
const tied = { tie_word_embeddings: true };
type Tensors = Parameters<NonNullable<TinyCheckpointOptions['change']>>[0];

const logitsOf = async (model: LanguageModel): Promise<Matrix> =>
  (await model.run([[1, 5, 9, 30]], { logits: 'all' })).logits as Matrix;

/** Gives each tensor another name. */
const renamed =
  (rename: (name: string) => string) =>
  (tensors: Tensors): void => {
    for (const [name, tensor] of Object.entries(tensors)) {
      Reflect.deleteProperty(tensors, name);
      tensors[rename(name)] = tensor;
    }
  };

describe('a head tied to the embeddings', () => {
  test('is the one that the checkpoint holds, where it holds one', async () => {
    const own = { shape: [32, 16], data: tinyWeights(HEAD, [32, 16], 0) };
    const untied = await loadTiny();
    const flagged = await loadTiny({ config: tied, change: (t) => (t[HEAD] = own) });
    expect(await logitsOf(flagged)).toEqual(await logitsOf(untied));
    expect(await logitsOf(flagged)).not.toEqual(await logitsOf(await loadTiny({ config: tied })));
  });

  test('is the same stored under either name', async () => {
    const asHead = renamed((name) => (name === EMBEDDINGS ? HEAD : name));
    const [a, b] = [
      await loadTiny({ config: tied }),
      await loadTiny({ config: tied, change: asHead }),
    ];
    expect(await logitsOf(b)).toEqual(await logitsOf(a));
    expect([...b.parameters()]).toEqual([...a.parameters()]);
  });

  test('is listed as what it shares its numbers with', async () => {
    const model = await loadTiny({ config: tied });
    const byName = new Map([...model.parameters()].map((tensor) => [tensor.name, tensor]));
    expect(byName.get(HEAD)?.sameAs).toBe(EMBEDDINGS);
    expect(byName.get(HEAD)?.data).toEqual(byName.get(EMBEDDINGS)?.data);
    expect(byName.get(EMBEDDINGS)?.sameAs).toBeUndefined();
  });

  test('is drawn anew with the embeddings', async () => {
    const model = await loadModel(writeTinyCheckpoint({ config: tied }), {
      untrained: { seed: 1 },
    });
    const byName = new Map([...model.parameters()].map(({ name, data }) => [name, data]));
    await model.dispose();
    expect(byName.get(HEAD)).toEqual(byName.get(EMBEDDINGS));
  });
});

describe('names of weights', () => {
  const wrapped = {
    'of data parallel training': (name: string) => `module.${name}`,
    'of a compiled model': (name: string) => `_orig_mod.${name}`,
    'of a model with a value head': (name: string) => `pretrained_model.${name}`,
    'of compiled blocks': (name: string) => name.replace(/(layers\.\d+)/, '$1._orig_mod'),
    'of shards': (name: string) =>
      `_fsdp_wrapped_module.${name.replace(/(layers\.\d+)/, '$1._fsdp_wrapped_module')}`,
    'of a trainer of another kind': (name: string) => `policy.actor.${name}`,
    'without the model': (name: string) => name.replace('gpt_neox.', ''),
    'of data parallel training without the model': (name: string) =>
      `module.${name.replace('gpt_neox.', '')}`,
  };

  test.each(Object.entries(wrapped))('%s are those of the model', async (_, rename) => {
    const plain = await loadTiny();
    const model = await loadTiny({ change: renamed(rename) });
    expect(await logitsOf(model)).toEqual(await logitsOf(plain));
    expect([...model.parameters()]).toEqual([...plain.parameters()]);
  });

  test('of what the model does not compute with are told, and not among its parameters', async () => {
    const name = 'v_head.summary.weight';
    const buffer = 'gpt_neox.layers.0.attention.masked_bias';
    const change = (tensors: Tensors): void => {
      tensors[name] = { shape: [1, 16], data: new Float32Array(16).fill(NaN) };
      tensors[buffer] = { shape: [1], data: Float32Array.of(-Infinity) };
    };
    const model = await loadModel(writeTinyCheckpoint({ change }));
    expect(model).toMatchObject({ unused: [name] });
    expect([...model.parameters()]).toEqual([...(await loadTiny()).parameters()]);
    await model.dispose();
    expect(await loadTiny()).toMatchObject({ unused: [] });
  });

  test('of two models are refused', async () => {
    const both = (tensors: Tensors): void => {
      for (const [name, tensor] of Object.entries(tensors)) {
        Reflect.deleteProperty(tensors, name);
        tensors[`actor.${name}`] = tensor;
        tensors[`critic.${name}`] = tensor;
      }
    };
    const folder = writeTinyCheckpoint({ change: both });
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'checkpoint-invalid' });
    await expect(loadModel(folder)).rejects.toThrow(/contains several models: actor\., critic\./);
  });

  test('that are one name are refused', async () => {
    const twice = (tensors: Tensors): void => {
      tensors[`_orig_mod.${EMBEDDINGS}`] = tensors[EMBEDDINGS] as Tensors[string];
    };
    await expect(loadModel(writeTinyCheckpoint({ change: twice }))).rejects.toThrow(
      /one weight under two names/,
    );
  });
});
