import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { CheckpointModel } from '@feedprint/activations';
import { createPpoLoop, ppoSettingsSchema, tokenRewards } from '../../src/index.ts';
import type { Metrics, PpoLoop, PpoTrainingInput, TrainerState } from '../../src/index.ts';
import { loadGolden } from '../support/golden-checkpoint.ts';
import { tiny } from '../support/goldens.ts';

const prompts = [[5, 9, 2], [33], [77, 1, 2, 4]];
/** Even tokens are good, odd ones bad. */
const reward = tokenRewards(
  new Map(Array.from({ length: 96 }, (_, id) => [id, id % 2 === 0 ? 1 : -1])),
);

async function withLoop<T>(
  settings: PpoTrainingInput,
  use: (loop: PpoLoop) => Promise<T>,
  model?: CheckpointModel,
): Promise<T> {
  const loop = await createPpoLoop({
    ...{ model: model ?? (await loadGolden(tiny())), prompts, reward, seed: 3, threads: 1 },
    settings: ppoSettingsSchema.parse({
      ...{ iterations: 6, replies: 24, newTokens: 5, learningRate: 0.02 },
      ...settings,
    }),
  });
  try {
    return await use(loop);
  } finally {
    await loop.trainer.dispose();
  }
}

async function run(loop: PpoLoop, until: number): Promise<Metrics[]> {
  const log: Metrics[] = [];
  while (loop.iteration < until) log.push(await loop.iterate());
  return log;
}

const bytes = ({ step, values, m, v }: TrainerState): string =>
  [values, m, v]
    .reduce((sum, x) => sum.update(x), createHash('sha256').update(`${step}`))
    .digest('hex');

describe('PPO', () => {
  test.each([
    ['the exact KL in its loss', {}],
    [
      "TRL's way: log-ratios off the rewards, whitened, with a value head",
      { klIn: 'reward', whiten: true, valueHead: true, klWeight: 0.05 },
    ],
  ] as const)('raises what is rewarded, with %s', async (_, settings) => {
    const log = await withLoop(settings, (loop) => run(loop, 6));
    const scores = log.map((metrics) => metrics['objective/scores'] as number);
    expect((scores.at(-1) as number) - (scores[0] as number)).toBeGreaterThan(1);
    expect(log[0]?.['objective/kl']).toBeCloseTo(0, 4);
    expect(log.at(-1)?.['objective/kl']).toBeGreaterThan(0.1);
    expect(log[0]?.['objective/entropy']).toBeGreaterThan(5);
  });

  test('stays the nearer to the reference the more that weighs', async () => {
    const drift = async (klWeight: number): Promise<number> =>
      (await withLoop({ klWeight }, (loop) => run(loop, 6))).at(-1)?.['objective/kl'] as number;
    expect(await drift(4)).toBeLessThan((await drift(0.1)) / 2);
  });

  test('continues to the same bytes from the state after any iteration', async () => {
    const settings = { valueHead: true };
    const whole = await withLoop(settings, async (loop) => {
      await run(loop, 3);
      return bytes(loop.trainer.state());
    });
    const kept = await withLoop(settings, async (loop) => {
      await run(loop, 1);
      const { step, values, m, v } = loop.trainer.state();
      return { step, values: values.slice(), m: m.slice(), v: v.slice() };
    });
    const continued = await withLoop(settings, async (loop) => {
      loop.trainer.restore(kept);
      expect(loop.iteration).toBe(1);
      await run(loop, 3);
      return bytes(loop.trainer.state());
    });
    expect(continued).toBe(whole);
  });

  test('refuses prompts that leave no room, and fewer replies than minibatches', async () => {
    const model = await loadGolden(tiny());
    const options = { model, reward, seed: 3, settings: ppoSettingsSchema.parse({}) };
    const long = Array.from({ length: model.info.contextLength }, () => 5);
    await expect(createPpoLoop({ ...options, prompts: [long] })).rejects.toThrow('prompt 0 has');
    await expect(createPpoLoop({ ...options, prompts: [] })).rejects.toThrow('no prompts');
    const few = ppoSettingsSchema.parse({ replies: 1 });
    await expect(createPpoLoop({ ...options, prompts, settings: few })).rejects.toThrow(
      '1 replies cannot be divided into 2',
    );
  });
});
