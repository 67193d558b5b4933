import { renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { fromHalf, matrix } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import { loadRuntime } from '@feedprint/graph';
import { assertCausal } from '../../src/onnx/assert-causal.ts';
import { loadOnnxModel } from '../../src/onnx/load-onnx-model.ts';
import type { OnnxLanguageModel } from '../../src/onnx/load-onnx-model.ts';
import { toFloats, withFloats } from '../../src/onnx/to-floats.ts';
import { golden, unpack } from './fixtures.ts';

const loaded: OnnxLanguageModel[] = [];
afterAll(async () => Promise.all(loaded.map((model) => model.dispose())));
const load = async (name: string): Promise<OnnxLanguageModel> => {
  const model = await loadOnnxModel(unpack(name), { threads: 1 });
  loaded.push(model);
  return model;
};

describe('a loaded export', () => {
  test('gives its weights with the block that each belongs to', async () => {
    const model = await load('neox');
    const sizes = new Map<number | undefined, number>();
    for (const { layer, data } of model.parameters()) {
      sizes.set(layer, (sizes.get(layer) ?? 0) + data.length);
    }
    // Two norms, queries to values, attention's output, and the MLP, each with its bias.
    const block = 2 * 2 * 16 + 48 * 17 + 16 * 17 + 24 * 17 + 16 * 25;
    expect([sizes.get(0), sizes.get(1)]).toEqual([block, block]);
    // Embeddings in and out, and the last norm.
    expect(sizes.get(undefined)).toBeGreaterThanOrEqual(2 * 96 * 16 + 2 * 16);
  });

  test('gives the same weights in f16, rounded not at all where they fit', async () => {
    const [whole, half] = [await load('llama-past'), await load('llama-f16')];
    const table = (model: OnnxLanguageModel): Map<string, Float32Array> =>
      new Map([...model.parameters()].map(({ name, data }) => [name, data]));
    const halves = table(half);
    const compared = [...table(whole)].filter(([name]) => name.includes('layernorm'));
    expect(compared.length).toBeGreaterThanOrEqual(4);
    for (const [name, data] of compared) expect(halves.get(name)).toEqual(data);
  });

  test('says which of its operators are quantised, and leaves their weights out', async () => {
    const model = await load('qwen2-4bit');
    expect(model.import.quantised).toEqual(['MatMulNBits']);
    expect((await load('qwen2-genai')).import.quantised).toEqual([]);
    const shapes = [...model.parameters()].map(({ shape }) => shape.join('x'));
    expect(shapes).toContain('96x32');
    expect(shapes).not.toContain('32x24');
  });

  test('is known by its weights', async () => {
    const [one, same, other] = [await load('gpt2'), await load('gpt2'), await load('gpt2-fused')];
    expect(one.fingerprint).toBe(same.fingerprint);
    expect(one.fingerprint).not.toBe(other.fingerprint);
  });

  test('scores labels if it is a classifier, and says that it does nothing else', async () => {
    const model = await load('llama-reward');
    expect(model.info.labels).toEqual(['LABEL_0', 'LABEL_1', 'LABEL_2']);
    expect((await model.run([[3], [8, 1]], { logits: 'last' })).logits).toMatchObject({
      rows: 2,
      columns: 3,
    });
    for (const request of [{ logits: 'all' }, { tokenLogProbs: true }] as const) {
      await expect(model.run([[3]], request)).rejects.toMatchObject({ code: 'usage' });
    }
    const sampling = { maxNewTokens: 1, seed: 1 };
    await expect(model.generate([[3]], sampling)).rejects.toMatchObject({ code: 'usage' });
  });

  test('may be the half of a pair that takes a cache, if its tokens see only those before', async () => {
    const file = unpack('llama-past');
    const half = join(dirname(file), 'decoder_with_past_model.onnx');
    renameSync(file, half);
    const model = await loadOnnxModel(half, { threads: 1 });
    loaded.push(model);
    const [first] = golden('llama-past');
    const { logits } = await model.run([first?.ids ?? []], { logits: 'last' });
    logits?.data.forEach((value, i) => expect(value).toBeCloseTo(first?.logits[i] as number, 4));
    // One whose first token's logits depend on the second.
    const seesAll: Pick<LanguageModel, 'run'> = {
      run: (rows) =>
        Promise.resolve({
          activations: new Map(),
          logits: matrix(4, 1, Float32Array.from(rows.flatMap((r) => [r[1] as number, 0]))),
        }),
    };
    await expect(assertCausal(half, seesAll)).rejects.toMatchObject({
      code: 'checkpoint-unsupported',
    });
  });

  test('goes on when more kinds of runs are asked for than it keeps, all at once', async () => {
    const model = await load('gpt2');
    const ids = golden('gpt2').map((row) => row.ids);
    const one = async (site: string): Promise<unknown> =>
      (await model.run(ids, { capture: [site] })).activations.get(site);
    const sites = model.sites.map(({ site }) => site);
    const alone: unknown[] = [];
    for (const site of sites) alone.push(await one(site));
    expect(await Promise.all(sites.map(one))).toEqual(alone);
  });
});

describe('halves', () => {
  test('become floats and the same halves again', async () => {
    const ort = await loadRuntime();
    const finite = Uint16Array.from({ length: 65536 }, (_, i) => i).filter(
      (bits) => (bits & 0x7c00) !== 0x7c00,
    );
    const tensor = new ort.Tensor('float16', finite, [finite.length]);
    const floats = toFloats(tensor) as Float32Array;
    expect(floats).toEqual(Float32Array.from(finite, fromHalf));
    expect(toFloats(withFloats(ort, tensor, floats))).toEqual(floats);
  });

  test.each([
    [1 + 2 ** -11, 1],
    [1 + 3 * 2 ** -11, 1 + 2 ** -9],
    [2 ** -25, 0],
    [1.5 * 2 ** -24, 2 ** -23],
    [65519, 65504],
    [65520, Infinity],
    [-1e9, -Infinity],
    [2047.9, 2048],
  ])('round %d to %d', async (value, rounded) => {
    const ort = await loadRuntime();
    const tensor = new ort.Tensor('float16', new Uint16Array(1), [1]);
    expect(toFloats(withFloats(ort, tensor, Float32Array.of(value)))).toEqual(
      Float32Array.of(rounded),
    );
  });
});
