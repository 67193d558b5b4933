import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openSafetensors, writeSafetensors } from '@feedprint/core';
import { openCheckpoint } from '../../src/checkpoint/checkpoint.ts';
import { loadModel } from '../../src/index.ts';
import { golden, writeGoldenCheckpoint } from '../architectures/golden-checkpoint.ts';
import type { Checkpoint } from '../../src/checkpoint/checkpoint.ts';
import { pickleConversion } from '../../src/checkpoint/pickle-conversion.ts';
import { writeTinyCheckpoint } from '../support/tiny-checkpoint.ts';

const shards = ['model-00001-of-00003.safetensors', 'model-00002-of-00003.safetensors'] as const;
const last = 'model-00003-of-00003.safetensors';

/** The tiny checkpoint with its tensors dealt to three shards. */
function sharded(changeMap: (map: Record<string, unknown>) => unknown = (map) => map): string {
  const folder = writeTinyCheckpoint();
  const single = join(folder, 'model.safetensors');
  const file = openSafetensors(single);
  const names = [...file.tensors.keys()];
  const map: Record<string, unknown> = {};
  [...shards, last].forEach((shard, i) => {
    const own = names.filter((_, at) => at % 3 === i);
    for (const name of own) map[name] = shard;
    const tensors = own.map((name) => {
      const { shape } = file.tensors.get(name) as { shape: readonly number[] };
      return [name, { shape, data: file.readFloats(name) }] as const;
    });
    writeSafetensors(join(folder, shard), Object.fromEntries(tensors));
  });
  file.close();
  rmSync(single);
  const index = { metadata: { total_size: 1 }, weight_map: changeMap(map) };
  writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify(index));
  return folder;
}

const weightsOf = (checkpoint: Checkpoint): Record<string, Float32Array> => {
  const weights = Object.fromEntries(
    [...checkpoint.parameters()].map(({ name, data }) => [name, data]),
  );
  checkpoint.close();
  return weights;
};

describe('weights in shards', () => {
  test('are those of the whole', async () => {
    const whole = await openCheckpoint(writeTinyCheckpoint());
    const parts = await openCheckpoint(sharded());
    const name = 'gpt_neox.layers.1.attention.query_key_value.weight';
    expect(parts.infoOf(name)?.shape).toEqual([48, 16]);
    expect(parts.weight(name, [48, 16])).toEqual(whole.weight(name, [48, 16]));
    expect(parts.infoOf('none')).toBeUndefined();
    expect(weightsOf(parts)).toEqual(weightsOf(whole));
  });

  test('decide the fingerprint, every byte of them', async () => {
    const folder = sharded();
    const { fingerprint } = await openCheckpoint(folder);
    expect((await openCheckpoint(folder)).fingerprint).toBe(fingerprint);
    const path = join(folder, last);
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect((await openCheckpoint(folder)).fingerprint).not.toBe(fingerprint);
  });

  test.each<[string, RegExp, () => string]>([
    [
      'with a shard missing',
      /model-00003-of-00003\.safetensors of 3 shards are missing; .*with all of its shards/,
      () => {
        const folder = sharded();
        rmSync(join(folder, last));
        return folder;
      },
    ],
    [
      'with all shards missing',
      /model-00001-of-00003\.safetensors and 2 more of 3 shards are missing/,
      () => {
        const folder = sharded();
        for (const shard of [...shards, last]) rmSync(join(folder, shard));
        return folder;
      },
    ],
    [
      'whose index looks for a tensor in the wrong shard',
      /model-00002-of-00003\.safetensors has embed_out\.weight, which it does not/,
      () => sharded((map) => ({ ...map, 'embed_out.weight': shards[1] })),
    ],
    [
      'outside the folder',
      /names "\.\.\/x\.safetensors", which is not a safetensors file next to it/,
      () => sharded((map) => ({ ...map, x: '../x.safetensors' })),
    ],
    [
      'anywhere on the disk',
      /names "\/etc\/x\.safetensors"/,
      () => sharded((map) => ({ ...map, x: '/etc/x.safetensors' })),
    ],
    [
      'outside the folder on Windows',
      /which is not a safetensors file next to it/,
      () => sharded((map) => ({ ...map, x: '..\\x.safetensors' })),
    ],
    ['of another format', /names "x\.bin"/, () => sharded((map) => ({ ...map, x: 'x.bin' }))],
    ['that are none', /weight_map/, () => sharded(() => ({}))],
    ['whose names are numbers', /weight_map/, () => sharded(() => ({ a: 1 }))],
    [
      'cut short',
      /model-00001-of-00003\.safetensors is not a valid safetensors file/,
      () => {
        const folder = sharded();
        const path = join(folder, shards[0]);
        writeFileSync(path, readFileSync(path).subarray(0, -1));
        return folder;
      },
    ],
  ])('%s are refused', async (_, message, make) => {
    const folder = make();
    await expect(openCheckpoint(folder)).rejects.toMatchObject({ code: 'checkpoint-invalid' });
    await expect(openCheckpoint(folder)).rejects.toThrow(message);
  });
});

describe('a folder without safetensors', () => {
  const holding = (name: string): string => {
    const folder = writeTinyCheckpoint();
    rmSync(join(folder, 'model.safetensors'));
    writeFileSync(join(folder, name), 'PK');
    return folder;
  };

  test.each([
    ['pytorch_model.bin', /convert the weights once, without running code from them: python -c/],
    ['pytorch_model-00001-of-00002.bin', /pytorch_model-00001-of-00002\.bin and no safetensors/],
    ['model.gguf', /contains model\.gguf and no safetensors; use a checkpoint with model\.saf/],
  ])('but with %s is refused with the way out', async (name, message) => {
    const folder = holding(name);
    await expect(openCheckpoint(folder)).rejects.toMatchObject({ code: 'checkpoint-unsupported' });
    await expect(openCheckpoint(folder)).rejects.toThrow(message);
  });

  test('gets a conversion that the shell reads as one command, whatever the folder is called', () => {
    const folder = "it's a $(model)";
    const shown = pickleConversion(folder).replace(/^python -c/, "printf '%s\\n'");
    const lines = execFileSync('sh', ['-c', shown], { encoding: 'utf8' }).trimEnd().split('\n');
    expect(lines).toEqual([expect.stringContaining('weights_only=True'), folder]);
  });
});

describe('a checkpoint', () => {
  test('is called as its folder', async () => {
    const folder = writeTinyCheckpoint();
    expect((await openCheckpoint(`${folder}/`)).name).toBe(folder.split('/').at(-1));
  });

  test('lists its parameters in the order of their names, without buffers and whole numbers', async () => {
    const extra = {
      'gpt_neox.counter': { shape: [1], data: Int32Array.of(1) },
      'gpt_neox.layers.0.attention.bias': { shape: [1], data: Float32Array.of(1) },
      'gpt_neox.layers.0.attention.rotary_emb.inv_freq': { shape: [1], data: Float32Array.of(1) },
    };
    const folder = writeTinyCheckpoint({ change: (tensors) => Object.assign(tensors, extra) });
    const model = await loadModel(folder);
    const names = [...model.parameters()].map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(names).toContain('gpt_neox.layers.0.attention.dense.bias');
    for (const name of Object.keys(extra)) expect(names).not.toContain(name);
    await model.dispose();
  });

  test('may give the size of its vocabulary in text_config, which its tokenizer must fit', async () => {
    const gemma = golden('gemma3');
    const folder = writeGoldenCheckpoint(gemma, {
      config: { model_type: 'gemma3', text_config: { ...gemma.config, vocab_size: 31 } },
    });
    await expect(openCheckpoint(folder)).rejects.toThrow(
      /tokenizer has 32 tokens, the model has only 31/,
    );
  });
});
