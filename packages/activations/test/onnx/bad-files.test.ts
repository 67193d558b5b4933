import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { FeedprintError, createRandom } from '@feedprint/core';
import type { Random } from '@feedprint/core';
import { findSites } from '../../src/onnx/find-sites.ts';
import { indexGraph } from '../../src/onnx/graph-index.ts';
import { loadOnnxModel } from '../../src/onnx/load-onnx-model.ts';
import { toPlainGraph } from '../../src/onnx/plain-graph.ts';
import { readOnnx } from '../../src/onnx/read-onnx.ts';
import { temporaryFolder } from '../support/tiny-checkpoint.ts';
import { unpack } from './fixtures.ts';

/** Replaces every occurrence of a text in a file by one of the same length. */
function replaceText(file: string, from: string, to: string): void {
  expect(to).toHaveLength(from.length);
  const bytes = readFileSync(file, 'latin1');
  expect(bytes).toContain(from);
  writeFileSync(file, bytes.replaceAll(from, to), 'latin1');
}

const mutations: Readonly<Record<string, (bytes: Buffer, random: Random) => Buffer>> = {
  'bytes changed': (bytes, random) => {
    const copy = Buffer.from(bytes);
    for (let i = 0; i < 4; i++) {
      copy[Math.floor(random.next() * copy.length)] = Math.floor(random.next() * 256);
    }
    return copy;
  },
  'its end cut off': (bytes, random) => bytes.subarray(0, Math.floor(random.next() * bytes.length)),
  'bytes put in': (bytes, random) => {
    const at = Math.floor(random.next() * bytes.length);
    const extra = Buffer.from([0x7f, 0xff, 0x0a, Math.floor(random.next() * 256)]);
    return Buffer.concat([bytes.subarray(0, at), extra, bytes.subarray(at)]);
  },
  'a stretch taken out': (bytes, random) => {
    const at = Math.floor(random.next() * bytes.length);
    return Buffer.concat([
      bytes.subarray(0, at),
      bytes.subarray(at + 1 + Math.floor(random.next() * 40)),
    ]);
  },
};

describe('a file that is damaged', () => {
  test.each(Object.keys(mutations))('with %s is read or refused, never anything else', (kind) => {
    const random = createRandom(11).fork(kind);
    // Most of the second is structure, without numbers.
    for (const name of ['gpt2-merged', 'qwen2-genai']) {
      const file = unpack(name);
      const bytes = readFileSync(file);
      let refused = 0;
      for (let i = 0; i < 100; i++) {
        writeFileSync(file, mutations[kind]?.(bytes, random) ?? bytes);
        try {
          const index = indexGraph(toPlainGraph(readOnnx(file)));
          findSites(index, 'input_ids', { layers: 2, width: 16, innerWidth: 24 });
        } catch (error) {
          if (!FeedprintError.is(error)) throw error;
          refused++;
        }
      }
      expect(refused).toBeGreaterThan(10);
    }
  });

  test('is refused if it is not there, empty, or something else', () => {
    const file = join(temporaryFolder(), 'model.onnx');
    expect(() => readOnnx(file)).toThrow(expect.objectContaining({ code: 'checkpoint-invalid' }));
    for (const text of ['', '{"model_type": "gpt2"}', '\n\u0001\n']) {
      writeFileSync(file, text);
      expect(() => readOnnx(file)).toThrow(expect.objectContaining({ code: 'checkpoint-invalid' }));
    }
  });
});

describe('weights in another file', () => {
  const refused = expect.objectContaining({ code: 'checkpoint-invalid' });

  test.each([
    ['one folder up', '../el.onnx.data'],
    ['by way of a folder', 'a/../../nx.data'],
    ['at an absolute path', '/odel.onnx.data'],
    ['on a drive', 'C:del.onnx.data'],
    ['by backslashes', '..\\el.onnx.data'],
    ['at no name', '...............'.replaceAll('.', '\0')],
  ])('%s are refused', (_, location) => {
    const file = unpack('qwen2-genai');
    // What it asks for is there.
    if (location.startsWith('..')) {
      writeFileSync(join(dirname(file), location), readFileSync(`${file}.data`));
    }
    replaceText(file, 'model.onnx.data', location);
    expect(() => readOnnx(file)).toThrow(refused);
    expect(() => readOnnx(file)).toThrow('asks for weights outside its folder');
    if (location.startsWith('../')) rmSync(join(dirname(file), location));
  });

  test('behind a link that leads out of the folder are refused', () => {
    const file = unpack('qwen2-genai');
    const elsewhere = join(temporaryFolder(), 'secret');
    renameSync(`${file}.data`, elsewhere);
    symlinkSync(elsewhere, `${file}.data`);
    expect(() => readOnnx(file)).toThrow('asks for weights outside its folder');
  });

  test('are found where the model and its weights are links into one cache', () => {
    const file = unpack('qwen2-genai');
    const cache = temporaryFolder();
    const [blobs, snapshot] = [join(cache, 'blobs'), join(cache, 'snapshots')];
    for (const folder of [blobs, snapshot]) mkdirSync(folder);
    for (const [from, to] of [
      ['model.onnx', 'a1'],
      ['model.onnx.data', 'b2'],
    ] as const) {
      renameSync(join(dirname(file), from), join(blobs, to));
      symlinkSync(join('..', 'blobs', to), join(snapshot, from));
    }
    expect(readOnnx(join(snapshot, 'model.onnx')).graph.nodes.length).toBeGreaterThan(10);
  });

  test('that are missing or too short are refused', () => {
    const file = unpack('qwen2-genai');
    truncateSync(`${file}.data`, 1000);
    expect(() => readOnnx(file)).toThrow(/needs \d+ bytes at \d+ of a file of 1000/);
    rmSync(`${file}.data`);
    expect(() => readOnnx(file)).toThrow('keeps weights in model.onnx.data, which is missing');
  });
});

describe('what stands beside the file', () => {
  const changeConfig = (file: string, changes: Readonly<Record<string, unknown>>): void => {
    const path = join(dirname(file), 'config.json');
    const config = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(path, JSON.stringify({ ...config, ...changes }));
  };

  test('must hold a config.json', async () => {
    const file = unpack('neox');
    rmSync(join(dirname(file), 'config.json'));
    await expect(loadOnnxModel(file)).rejects.toThrow('there is no config.json next to');
  });

  test('must hold a tokenizer.json only for texts', async () => {
    const file = unpack('neox');
    rmSync(join(dirname(file), 'tokenizer.json'));
    const model = await loadOnnxModel(file);
    const { logits } = await model.run([[1, 2]], { logits: 'last' });
    expect(logits?.rows).toBe(1);
    expect(() => model.tokenizer.encode('a')).toThrow('there is no tokenizer.json in');
    await model.dispose();
  });

  test('is found one folder up too', async () => {
    const file = unpack('neox');
    const folder = join(dirname(file), 'onnx');
    mkdirSync(folder);
    renameSync(file, join(folder, 'model.onnx'));
    const model = await loadOnnxModel(join(folder, 'model.onnx'));
    expect(model.info).toMatchObject({ architecture: 'gpt_neox', layers: 2, contextLength: 32 });
    await model.dispose();
  });

  test.each([
    ['that is negative', { hidden_size: -1 }],
    ['that is missing', { hidden_size: null }],
  ])('must not have a width %s', async (_, changes) => {
    const file = unpack('neox');
    changeConfig(file, changes);
    await expect(loadOnnxModel(file)).rejects.toMatchObject({ code: 'checkpoint-invalid' });
  });

  test('leaves the model without sites, but not without logits, if it tells of other blocks', async () => {
    const file = unpack('neox');
    changeConfig(file, { num_hidden_layers: 3 });
    const model = await loadOnnxModel(file, { threads: 1 });
    const reason = 'the residual stream could be followed through 2 blocks, config.json says 3';
    expect(model.import).toMatchObject({ found: [], missing: [{ site: 'blocks.*', reason }] });
    await expect(model.run([[1]], { capture: ['blocks.0.hook_mlp_out'] })).rejects.toThrow(reason);
    expect((await model.run([[1]], { logits: 'last' })).logits?.columns).toBe(96);
    await model.dispose();
  });
});

test('an input that nothing here can fill is named', async () => {
  const file = unpack('neox');
  replaceText(file, 'position_ids', 'encoder_rows');
  await expect(loadOnnxModel(file)).rejects.toMatchObject({
    code: 'checkpoint-unsupported',
    message: expect.stringContaining('it asks for encoder_rows'),
  });
});
