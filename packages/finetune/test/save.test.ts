import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openSafetensors, toBfloat16, toHalf, writeSafetensors } from '@feedprint/core';
import { createTrainer, endToken, replyLogProbs, sft } from '../src/index.ts';
import {
  loadFolder,
  loadGolden,
  temporaryFolder,
  tinyWeights,
  writeGolden,
} from './support/golden-checkpoint.ts';
import { sequences, tiny } from './support/goldens.ts';

const headerOf = (folder: string) => {
  const file = openSafetensors(join(folder, 'model.safetensors'));
  file.close();
  return file;
};

test.each([
  ['BF16', 'bfloat16', toBfloat16],
  ['F16', 'float16', toHalf],
] as const)(
  'saves weights as %s where the base has them so, or as f32',
  async (half, name, round) => {
    const golden = tiny('gpt2');
    const base = writeGolden(golden);
    const tensors = Object.entries(golden.tensors).map(([tensor, shape]) => [
      tensor,
      { shape, data: Uint16Array.from(tinyWeights(tensor, shape), round), half },
    ]);
    writeSafetensors(join(base, 'model.safetensors'), Object.fromEntries(tensors));
    const model = await loadFolder(base);
    const trainer = await createTrainer({
      model,
      method: sft(),
      threads: 1,
      learningRate: () => 0.01,
    });
    await trainer.step(sequences);
    const [same, exact] = [temporaryFolder(), temporaryFolder()];
    await trainer.save(same, { dtype: 'base' });
    await trainer.save(exact);
    const types = (folder: string): string[] => [
      ...new Set([...headerOf(folder).tensors.values()].map(({ dtype }) => dtype)),
      (JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as { dtype: string }).dtype,
    ];
    expect(types(same)).toEqual([half, name]);
    expect(types(exact)).toEqual(['F32', 'float32']);
    const [own] = await replyLogProbs(trainer.model(), sequences);
    const [rounded] = await replyLogProbs(await loadFolder(same), sequences);
    expect((await replyLogProbs(await loadFolder(exact), sequences))[0]).toBe(own);
    expect(Math.abs((rounded as number) - (own as number))).toBeLessThan(0.5);
    await trainer.dispose();
  },
);

test('a tied head is trained with the embeddings and not saved', async () => {
  const model = await loadGolden(tiny('gpt_neox-sequential'));
  const trainer = await createTrainer({
    model,
    method: sft(),
    threads: 1,
    learningRate: () => 0.01,
  });
  await trainer.step(sequences);
  const folder = temporaryFolder();
  await trainer.save(folder);
  expect([...headerOf(folder).tensors.keys()]).not.toContain('embed_out.weight');
  const saved = await replyLogProbs(await loadFolder(folder), sequences);
  expect(saved).toEqual(await replyLogProbs(trainer.model(), sequences));
  await trainer.dispose();
});

test('takes tokenizer, template and generation settings along, and nothing else', async () => {
  const base = writeGolden(tiny());
  for (const name of [
    'tokenizer_config.json',
    'chat_template.jinja',
    'generation_config.json',
    'notes.md',
  ]) {
    writeFileSync(join(base, name), '{}');
  }
  const trainer = await createTrainer({ model: await loadFolder(base), method: sft(), threads: 1 });
  const folder = join(temporaryFolder(), 'deeper', 'model');
  await trainer.save(folder);
  for (const name of [
    'tokenizer.json',
    'tokenizer_config.json',
    'chat_template.jinja',
    'generation_config.json',
  ]) {
    expect(readFileSync(join(folder, name))).toEqual(readFileSync(join(base, name)));
  }
  expect(() => readFileSync(join(folder, 'notes.md'))).toThrow(/ENOENT/);
  const file = join(temporaryFolder(), 'a-file');
  writeFileSync(file, '');
  await expect(trainer.save(join(file, 'model'))).rejects.toMatchObject({
    code: 'output-unwritable',
  });
  await trainer.dispose();
});

test.each<[unknown, number | undefined]>([
  [{ eos_token_id: 7 }, 7],
  [{ eos_token_id: [5, 6] }, 5],
  [{ text_config: { eos_token_id: 3 } }, 3],
  [{ eos_token_id: null }, undefined],
])('reads the end token of %j', async (config, end) => {
  const model = await loadGolden(tiny());
  const checkpoint = { ...model.checkpoint, config: config as Record<string, unknown> };
  expect(endToken({ checkpoint })).toBe(end);
});
