import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { norm } from '@feedprint/core';
import { constantRate } from '@feedprint/graph';
import { createTrainer, dpo, replyLogProbs, sft } from '../src/index.ts';
import type { PreferenceItem, TokenSequence, TrainerState } from '../src/index.ts';
import { loadFolder, loadGolden, temporaryFolder } from './support/golden-checkpoint.ts';
import { join, sequences, tiny } from './support/goldens.ts';
import { learn, withPolicy } from './support/learn.ts';

/** Two replies to each of some prompts; the reference is the model itself. */
const pairs: readonly PreferenceItem[] = [
  [
    [5, 9, 2],
    [31, 0],
    [95, 40, 9, 63],
  ],
  [[33], [1, 30, 7, 8, 2], [4]],
  [[77, 1, 2, 4, 5, 6], [9], [12, 80]],
].map(([prompt = [], chosen = [], rejected = []]) => ({
  chosen: join([prompt, chosen]),
  rejected: join([prompt, rejected]),
  reference: { chosen: -10, rejected: -12 },
}));

/** The state after some steps, from the beginning or from another state. */
async function train(to: number, from?: TrainerState): Promise<TrainerState> {
  const trainer = await createTrainer({
    ...{ model: await loadGolden(tiny()), method: dpo(), threads: 1 },
    learningRate: (step) => 0.01 / (step + 1),
  });
  if (from) trainer.restore(from);
  for (let s = from?.step ?? 0; s < to; s++) await trainer.step(pairs.slice(0, 2 + (s % 2)));
  const { step, ...arrays } = trainer.state();
  await trainer.dispose();
  return { step, values: arrays.values.slice(), m: arrays.m.slice(), v: arrays.v.slice() };
}

const hash = (...arrays: readonly Float32Array[]): string =>
  arrays.reduce((sum, x) => sum.update(x), createHash('sha256')).digest('hex');

const bytes = ({ step, values, m, v }: TrainerState): string => `${step} ${hash(values, m, v)}`;

test('a batch in several passes gives the metrics and the gradient of the whole', async () => {
  const model = await loadGolden(tiny());
  const whole = await learn(model, dpo(), pairs);
  for (const tokensPerPass of [1, 20]) {
    const parts = await learn(model, dpo(), pairs, { tokensPerPass });
    for (const [name, value] of Object.entries(whole.metrics)) {
      expect([name, parts.metrics[name]]).toEqual([name, expect.closeTo(value, 4)]);
    }
    const apart = whole.gradient.map((g, i) => g - (parts.gradient[i] as number));
    expect(norm(apart) / norm(whole.gradient)).toBeLessThan(1e-5);
  }
});

test('only replies are learned, and their end token with them', async () => {
  const model = await loadGolden(tiny());
  const sequence: TokenSequence = { ids: [5, 9, 2, 31, 0], start: 3 };
  const { metrics } = await learn(model, sft(), [sequence]);
  const { logProbsOf } = await model.run([sequence.ids], { logProbsOf: Int32Array.of(31, 0) });
  const [ofReply, ofEnd] = [2 * 2, 3 * 2 + 1].map((at) => logProbsOf?.data[at] as number);
  expect(metrics.loss).toBeCloseTo(-((ofReply as number) + (ofEnd as number)) / 2, 5);
});

test('evaluation reports what the next step reports, and learns nothing', async () => {
  const model = await loadGolden(tiny());
  await withPolicy(model, sft(), async (policy, buffer) => {
    const before = hash(buffer.values);
    const judged = await policy.judge(sequences);
    const learned = await policy.learn(sequences, new Float32Array(buffer.length), 1);
    expect(judged.loss).toBeCloseTo(learned.loss as number, 6);
    expect(hash(buffer.values)).toBe(before);
  });
});

test('continues to the same bytes from the state of any step', async () => {
  const whole = bytes(await train(5));
  for (const at of [1, 4]) {
    const kept = await train(at);
    expect(bytes(kept)).not.toBe(whole);
    expect(bytes(await train(5, kept))).toBe(whole);
  }
});

test('its model computes with the weights of the moment, and saves them', async () => {
  const base = await loadGolden(tiny());
  const method = sft();
  const trainer = await createTrainer({
    ...{ model: base, method, threads: 1, learningRate: constantRate(0.05) },
  });
  const [before] = await replyLogProbs(trainer.model(), sequences);
  for (let s = 0; s < 10; s++) await trainer.step(sequences);
  const after = await replyLogProbs(trainer.model(), sequences);
  expect(after[0]).toBeGreaterThan((before as number) + 5);
  const tokens = sequences.reduce((n, { ids, start }) => n + ids.length - start, 0);
  const { loss } = await trainer.evaluate(sequences);
  expect(loss).toBeCloseTo(-after.reduce((a, b) => a + b, 0) / tokens, 4);

  const folder = temporaryFolder();
  await trainer.save(folder);
  expect(await replyLogProbs(await loadFolder(folder), sequences)).toEqual(after);
  expect((await replyLogProbs(base, sequences))[0]).toBeCloseTo(before as number, 5);
  // Greedy continuations, with the cache, are the replies it has learned.
  const [first] = sequences as [TokenSequence];
  const ids = Array.from(first.ids);
  const sampling = { maxNewTokens: 1, temperature: 0, seed: 1 };
  const [added] = await trainer.model().generate([ids.slice(0, first.start)], sampling);
  expect(added).toEqual([ids[first.start]]);
  await trainer.dispose();
});

test('a mask of modules changes these alone', async () => {
  const names = ['gpt_neox.layers.1.mlp.dense_h_to_4h.weight', 'embed_out.weight'];
  const model = await loadGolden(tiny());
  const trainer = await createTrainer({
    ...{ model, method: sft(), trainable: { kind: 'mask', names } },
    ...{ threads: 1, learningRate: constantRate(0.01) },
  });
  await trainer.step(sequences);
  expect([...trainer.weights().keys()].sort()).toEqual([...names].sort());
  await trainer.dispose();
  await expect(
    createTrainer({ model, method: sft(), trainable: { kind: 'mask', names: ['wte.weight'] } }),
  ).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('wte.weight') });
});

test('a run that diverges stops, naming the step and the tensor', async () => {
  const trainer = await createTrainer({
    ...{ model: await loadGolden(tiny()), method: sft(), threads: 1 },
    learningRate: (step) => (step === 1 ? 1e30 : 0.01),
  });
  await trainer.step(sequences);
  await trainer.step(sequences);
  await expect(trainer.step(sequences)).rejects.toMatchObject({
    code: 'numbers-invalid',
    message: expect.stringMatching(/step 3: .*first tensor that is not finite is blocks\.0\./),
  });
  trainer.parameter('gpt_neox.layers.0.mlp.dense_h_to_4h.bias')[3] = NaN;
  await expect(trainer.step(sequences)).rejects.toMatchObject({
    message: expect.stringContaining('gpt_neox.layers.0.mlp.dense_h_to_4h.bias'),
  });
  await trainer.dispose();
});

test.each([
  ['an empty batch', []],
  ['a reply without tokens', [{ ids: [1, 2], start: 2 }]],
  ['a reply that nothing precedes', [{ ids: [1, 2], start: 0 }]],
  ['more than the context', [{ ids: Array<number>(33).fill(1), start: 1 }]],
])('refuses %s', async (_, batch) => {
  const trainer = await createTrainer({
    model: await loadGolden(tiny()),
    method: sft(),
    threads: 1,
  });
  await expect(trainer.step(batch)).rejects.toMatchObject({ code: 'texts-invalid' });
  await trainer.dispose();
});
