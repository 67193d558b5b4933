import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openSafetensors, writeSafetensors } from '@feedprint/core';
import { openCheckpoint } from '../../src/checkpoint/checkpoint.ts';
import type { Checkpoint } from '../../src/checkpoint/checkpoint.ts';
import { addLowRank } from '../../src/checkpoint/low-rank.ts';
import { goldenAdapter, goldenAdapters, goldenBase } from '../support/golden-adapters.ts';
import { temporaryFolder } from '../support/tiny-checkpoint.ts';

const open = (base: string, adapter: string): Promise<Checkpoint> =>
  openCheckpoint(base, { adapter });
const shapes = (path: string): ReadonlyMap<string, { readonly shape: readonly number[] }> => {
  const file = openSafetensors(path);
  file.close();
  return file.tensors;
};

/** A copy of a golden adapter with other settings, and other tensors if `change` says so. */
function changed(
  name: string,
  settings: Readonly<Record<string, unknown>>,
  change: (names: string[]) => (string | readonly [from: string, to: string])[] = (names) => names,
): string {
  const folder = temporaryFolder();
  cpSync(goldenAdapter(name), folder, { recursive: true });
  const config = join(folder, 'adapter_config.json');
  const json = JSON.parse(readFileSync(config, 'utf8')) as object;
  writeFileSync(config, JSON.stringify({ ...json, ...settings }));
  const file = openSafetensors(join(goldenAdapter(name), 'adapter_model.safetensors'));
  const tensors = change([...file.tensors.keys()]).map((entry) => {
    const [from, to] = typeof entry === 'string' ? [entry, entry] : entry;
    const { shape } = file.tensors.get(from) as { shape: readonly number[] };
    return [to, { shape, data: file.readFloats(from) }] as const;
  });
  file.close();
  writeSafetensors(join(folder, 'adapter_model.safetensors'), Object.fromEntries(tensors));
  return folder;
}

describe.each(Object.keys(goldenAdapters))('the adapter %s', (name) => {
  test('is merged as peft merges it, and changes no other weight', async () => {
    const folder = goldenBase(name);
    const plain = await openCheckpoint(folder);
    const merged = await open(folder, goldenAdapter(name));
    const golden = openSafetensors(join(goldenAdapter(name), 'merged.safetensors'));
    expect(golden.tensors.size).toBeGreaterThan(1);
    for (const { name: weight, shape, data } of merged.parameters()) {
      const expected = golden.tensors.has(weight)
        ? golden.readFloats(weight)
        : plain.weight(weight, shape);
      const worst = data.reduce((w, x, i) => Math.max(w, Math.abs(x - (expected[i] ?? NaN))), 0);
      expect({ weight, close: worst <= 1e-6 }).toEqual({ weight, close: true });
    }
    expect(merged.fingerprint).not.toBe(plain.fingerprint);
    for (const opened of [plain, merged, golden]) opened.close();
  });
});

describe('an adapter', () => {
  const llama = goldenBase('llama');

  test('that names its adapter "default" in its tensors is the same', async () => {
    const named = changed('llama', {}, (names) =>
      names.map((name) => [name, name.replace(/lora_(A|B)\./, 'lora_$1.default.')]),
    );
    const [a, b] = await Promise.all([open(llama, goldenAdapter('llama')), open(llama, named)]);
    const name = 'model.layers.1.self_attn.v_proj.weight';
    expect(b.weight(name, [4, 8])).toEqual(a.weight(name, [4, 8]));
  });

  test('of a compiled model is the same', async () => {
    const compiled = changed('llama', {}, (names) =>
      names.map((name) => [name, name.replace(/(layers\.\d+)/, '$1._orig_mod')]),
    );
    const [a, b] = await Promise.all([open(llama, goldenAdapter('llama')), open(llama, compiled)]);
    const name = 'model.layers.1.self_attn.v_proj.weight';
    expect(b.weight(name, [4, 8])).toEqual(a.weight(name, [4, 8]));
  });

  test('finds the weights of a base that leaves out the name of the model', async () => {
    const short = goldenBase('gpt2', (name) => name.replace('transformer.', ''));
    const long = await open(goldenBase('gpt2'), goldenAdapter('gpt2'));
    const merged = await open(short, goldenAdapter('gpt2'));
    const name = 'transformer.h.0.attn.c_proj.weight';
    expect(merged.weight(name, [8, 8])).toEqual(long.weight(name, [8, 8]));
  });

  test('may hold modules whole that the base lacks', async () => {
    const adapter = changed('llama-whole-modules', { modules_to_save: ['score'] }, (names) =>
      names.map((name) => [name, name.replace('lm_head', 'score')]),
    );
    const merged = await open(llama, adapter);
    expect(merged.infoOf('score.weight')?.shape).toEqual([32, 8]);
    expect([...merged.parameters()].map(({ name }) => name)).toContain('score.weight');
  });

  test('changes the fingerprint with its settings', async () => {
    const prints = await Promise.all(
      [1, 2].map(async (lora_alpha) => {
        const { fingerprint } = await open(llama, changed('llama', { lora_alpha }));
        return fingerprint;
      }),
    );
    expect(new Set(prints).size).toBe(2);
  });

  test.each<[string, string, RegExp, () => string]>([
    [
      'another base',
      'models-mismatched',
      /no transformer\.h\.0\.attn\.c_attn, .* and 3 more; use the model that it was trained on/,
      () => goldenAdapter('gpt2'),
    ],
    [
      'a base of other shapes',
      'models-mismatched',
      /down_proj\.weight has shape \[8, 12\] there and \[4, 8\] here/,
      () =>
        changed('llama', {}, (names) =>
          names
            .filter((name) => name.includes('v_proj'))
            .map((name) => [name, name.replace('self_attn.v_proj', 'mlp.down_proj')]),
        ),
    ],
    [
      'a base of another width, by its embeddings',
      'models-mismatched',
      /embed_tokens\.weight has shape \[4, 8\] there and \[4, 12\] here/,
      () =>
        changed('llama', {}, (names) =>
          names.flatMap((name) =>
            /0\.mlp\.down_proj\.lora_A/.test(name)
              ? [[name, 'base_model.model.model.embed_tokens.weight'] as const]
              : [],
          ),
        ),
    ],
    [
      'a base that it names',
      'models-mismatched',
      /trained on, "org\/other"/,
      () => changed('gpt2', { base_model_name_or_path: 'org/other' }),
    ],
    [
      'weights decomposed (DoRA)',
      'checkpoint-unsupported',
      /sets use_dora; merge it into its base with peft/,
      () => changed('llama', { use_dora: true }),
    ],
    [
      'another kind',
      'checkpoint-unsupported',
      /is a IA3 adapter/,
      () => changed('llama', { peft_type: 'IA3' }),
    ],
    [
      'a base that its beginning changed',
      'checkpoint-unsupported',
      /initialised by pissa_niter_4/,
      () => changed('llama', { init_lora_weights: 'pissa_niter_4' }),
    ],
    [
      'another rank',
      'checkpoint-invalid',
      /has rank 4, adapter_config\.json says 8/,
      () => changed('llama', { r: 8 }),
    ],
    [
      'half of its factors',
      'checkpoint-invalid',
      /only one of the two factors of model\.layers\.0/,
      () => changed('llama', {}, (names) => names.filter((name) => !name.includes('lora_B'))),
    ],
    [
      'tensors that nothing uses',
      'models-mismatched',
      /the model has no model\.layers\.0\.mlp\.down_proj\.lora_magnitude_vector/,
      () =>
        changed('llama', {}, (names) => [
          ...names,
          [
            names[0] as string,
            (names[0] as string).replace('lora_A.weight', 'lora_magnitude_vector'),
          ],
        ]),
    ],
    [
      'a pattern that is none',
      'checkpoint-invalid',
      /"\(" is not a regular expression/,
      () => changed('llama', { rank_pattern: { '(': 2 } }),
    ],
    [
      'settings that do not fit',
      'checkpoint-invalid',
      /is not an adapter: .*lora_alpha/,
      () => changed('llama', { lora_alpha: 'much' }),
    ],
    ['no files', 'checkpoint-invalid', /adapter_config\.json cannot be read/, temporaryFolder],
  ])('of %s is refused as %s', async (_, code, message, make) => {
    const adapter = make();
    await expect(open(llama, adapter)).rejects.toMatchObject({ name: 'FeedprintError', code });
    await expect(open(llama, adapter)).rejects.toThrow(message);
  });

  test('given as a model is refused with the way out', async () => {
    await expect(openCheckpoint(goldenAdapter('llama'))).rejects.toThrow(
      /is an adapter, not a model; pass the model that it was trained on/,
    );
  });
});

describe('an update of low rank', () => {
  test.each([1, 2, 3, 4, 5, 8])('of rank %d is added as the product says', (rank) => {
    const [rows, columns] = [3, 5];
    const value = (i: number): number => ((i * 37) % 23) / 8 - 1;
    const weight = Float32Array.from({ length: rows * columns }, (_, i) => value(i + 5));
    const left = Float32Array.from({ length: rows * rank }, (_, i) => value(i));
    const right = Float32Array.from({ length: rank * columns }, (_, i) => value(i + 9));
    const expected = Array.from(weight, (w, i) => {
      const [r, c] = [Math.floor(i / columns), i % columns];
      const terms = Array.from(
        { length: rank },
        (_, k) => (left[r * rank + k] ?? NaN) * (right[k * columns + c] ?? NaN),
      );
      return w + 0.5 * terms.reduce((a, b) => a + b, 0);
    });
    addLowRank(weight, { rows, columns, rank, left, right, scale: 0.5 });
    expect(Array.from(weight)).toEqual(expected.map(Math.fround));
  });
});

test('the golden adapters hold what their cases say', () => {
  for (const [name, { weights }] of Object.entries(goldenAdapters)) {
    for (const [weight, { shape }] of shapes(join(goldenAdapter(name), 'merged.safetensors'))) {
      expect(weights[weight]).toEqual(shape);
    }
  }
});
