import { describe, expect, test } from '@jest/globals';
import type { LanguageModel } from '@feedprint/core';
import { loadModel } from '../../src/index.ts';
import { worstDifference } from './compare.ts';
import { golden, writeGoldenCheckpoint } from './golden-checkpoint.ts';
import type { GoldenModel } from './golden-checkpoint.ts';

async function worstLogit(loaded: LanguageModel, { rows }: GoldenModel): Promise<number> {
  const { logits } = await loaded.run(
    rows.map(({ ids }) => ids),
    { logits: 'last' },
  );
  await loaded.dispose();
  return worstDifference(
    logits?.data,
    rows.flatMap(({ lastLogits }) => [...lastLogits]),
  );
}

describe('one model, other checkpoints of it', () => {
  test('GPT-2 with names that lack their start, as its first checkpoint has them', async () => {
    const model = golden('gpt2');
    const folder = writeGoldenCheckpoint(model, {
      rename: (name) => name.replace(/^transformer\./, ''),
    });
    const loaded = await loadModel(folder, { threads: 1 });
    expect(await worstLogit(loaded, model)).toBeLessThanOrEqual(1e-4);
  });

  test.each([
    ['as released', (name: string) => `language_model.${name}`],
    ['as later saved', (name: string) => name.replace(/^model\./, 'model.language_model.')],
  ])('Gemma 3 inside a model that also sees images, %s', async (_, rename) => {
    const model = golden('gemma3');
    const { architectures: __, ...text_config } = model.config;
    const folder = writeGoldenCheckpoint(model, {
      config: {
        model_type: 'gemma3',
        architectures: ['Gemma3ForConditionalGeneration'],
        text_config,
        vision_config: { model_type: 'siglip_vision_model' },
      },
      rename,
    });
    const loaded = await loadModel(folder, { threads: 1 });
    expect(await worstLogit(loaded, model)).toBeLessThanOrEqual(1e-4);
  });

  test('Gemma with the activation that its first config names', async () => {
    const model = golden('gemma');
    const config = { ...model.config, hidden_act: 'gelu', hidden_activation: null };
    const loaded = await loadModel(writeGoldenCheckpoint(model, { config }), { threads: 1 });
    expect(await worstLogit(loaded, model)).toBeLessThanOrEqual(1e-4);
  });

  test('Phi-3 with the first name of its long rotary positions', async () => {
    const model = golden('phi3-longrope');
    const scaling = { ...(model.config.rope_scaling as object), type: 'su' };
    const config = { ...model.config, rope_scaling: scaling };
    const loaded = await loadModel(writeGoldenCheckpoint(model, { config }), { threads: 1 });
    expect(await worstLogit(loaded, model)).toBeLessThanOrEqual(1e-4);
  });
});

test('a row alone gives what it gives among longer ones, also where a model stretches long texts', async () => {
  const model = golden('phi3-longrope');
  const loaded = await loadModel(writeGoldenCheckpoint(model), { threads: 1 });
  for (const { ids, lastLogits } of model.rows) {
    const { logits } = await loaded.run([ids], { logits: 'last' });
    expect(worstDifference(logits?.data, lastLogits)).toBeLessThanOrEqual(1e-4);
  }
  await loaded.dispose();
});
