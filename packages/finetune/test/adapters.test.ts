import { readFileSync } from 'node:fs';
import { join as path } from 'node:path';
import { expect, test } from '@jest/globals';
import { openSafetensors } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import { createTrainer, sft } from '../src/index.ts';
import {
  loadFolder,
  loadGolden,
  temporaryFolder,
  tinyWeights,
} from './support/golden-checkpoint.ts';
import type { GoldenModel } from './support/golden-checkpoint.ts';
import { readGolden, sequences } from './support/goldens.ts';
import { learn } from './support/learn.ts';
import { expectSummary } from './support/summaries.ts';
import type { Summary } from './support/summaries.ts';

interface GoldenAdapter extends GoldenModel {
  readonly adapter: Readonly<Record<string, unknown>> & { readonly target_modules: string[] };
  readonly adapterTensors: Readonly<Record<string, readonly number[]>>;
  readonly ids: readonly number[];
  readonly logits: readonly number[];
  readonly gradients: Readonly<Record<string, Summary>>;
}

const { models } = readGolden<{ readonly models: Readonly<Record<string, GoldenAdapter>> }>(
  'adapters',
);

const loraOf = ({ adapter }: GoldenAdapter) =>
  ({ kind: 'lora', rank: 3, alpha: 6, targets: adapter.target_modules }) as const;

/** A trainer whose factors are those of the golden file. */
async function adapted(golden: GoldenAdapter) {
  const model = await loadGolden(golden);
  const trainer = await createTrainer({
    model,
    method: sft(),
    trainable: loraOf(golden),
    threads: 1,
  });
  for (const [name, shape] of Object.entries(golden.adapterTensors)) {
    const own = name.replace(/^base_model\.model\./, '');
    trainer.parameter(own).set(tinyWeights(own, shape));
  }
  return { model, trainer };
}

const lastLogits = async (model: LanguageModel, ids: readonly number[]): Promise<Float32Array> => {
  const { logits } = await model.run([ids], { logits: 'last' });
  return logits?.data as Float32Array;
};

test.each(Object.keys(models))('%s: low-rank updates are those of peft', async (name) => {
  const golden = models[name] as GoldenAdapter;
  const { model, trainer } = await adapted(golden);
  const folder = temporaryFolder();
  await trainer.save(folder);

  const { target_modules, ...config } = JSON.parse(
    readFileSync(path(folder, 'adapter_config.json'), 'utf8'),
  );
  const { target_modules: expected, ...kept } = golden.adapter;
  expect(config).toMatchObject(kept);
  expect([...target_modules].sort()).toEqual([...expected].sort());
  const file = openSafetensors(path(folder, 'adapter_model.safetensors'));
  const shapes = [...file.tensors].map(([tensor, { shape }]) => [tensor, shape]);
  file.close();
  expect(Object.fromEntries(shapes)).toEqual(golden.adapterTensors);

  const saved = await loadFolder(model.checkpoint.folder, { adapter: folder });
  const merged = temporaryFolder();
  await trainer.save(merged, { merged: true });
  for (const one of [trainer.model(), saved, await loadFolder(merged)]) {
    const logits = await lastLogits(one, golden.ids);
    const apart = logits.map((value, i) => Math.abs(value - (golden.logits[i] as number)));
    expect(Math.max(...apart)).toBeLessThan(1e-4);
  }
  await trainer.dispose();
});

test.each(Object.keys(models))('%s: gradients of the factors are those of peft', async (name) => {
  const golden = models[name] as GoldenAdapter;
  const { gradient, buffer } = await learn(await loadGolden(golden), sft(), sequences, {
    trainable: loraOf(golden),
    initial: tinyWeights,
  });
  expect(buffer.places.map((place) => place.name).sort()).toEqual(
    Object.keys(golden.gradients).sort(),
  );
  for (const { name: factor, start, end, shape } of buffer.places) {
    const tensor = { data: gradient.subarray(start, end), shape };
    expectSummary(factor, tensor, golden.gradients[factor] as Summary, 1e-3);
  }
});

test('starts as the base, and a refusal names layers that there are', async () => {
  const golden = models.gpt_neox as GoldenAdapter;
  const model = await loadGolden(golden);
  const trainer = await createTrainer({
    model,
    method: sft(),
    trainable: loraOf(golden),
    threads: 1,
  });
  expect(await lastLogits(trainer.model(), golden.ids)).toEqual(
    await lastLogits(model, golden.ids),
  );
  await trainer.dispose();
  const none = { kind: 'lora', rank: 2, alpha: 2, targets: ['c_attn'] } as const;
  await expect(createTrainer({ model, method: sft(), trainable: none })).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('query_key_value'),
  });
});
