import { expect, test } from '@jest/globals';
import { collect } from '../../src/ppo/collect.ts';
import { ppoSettingsSchema } from '../../src/ppo/ppo-settings.ts';
import { addRewards, replyRewards, tokenRewards } from '../../src/ppo/rewards.ts';
import { rolloutText } from '../../src/ppo/rollout.ts';
import { tinyWeights, loadGolden } from '../support/golden-checkpoint.ts';
import { tiny } from '../support/goldens.ts';

const prompts = [[5, 9, 2], [33], [77, 1, 2, 4]];
const ofTokens = tokenRewards(new Map([[5, 2]]));

/** Replies of one tiny model, judged by another. */
async function collected(settings: object, reward = ofTokens) {
  const policy = await loadGolden(tiny());
  const reference = await loadGolden(tiny(), (name, shape) => tinyWeights(name, shape, 1));
  const result = await collect({
    ...{ policy, reference, prompts, reward, seed: 1 },
    settings: ppoSettingsSchema.parse({ newTokens: 6, discount: 0, ...settings }),
  });
  return { ...result, policy, reference };
}

test('holds what policy and reference say of each token', async () => {
  const { items, policy, reference } = await collected({});
  for (const { sequence, logProbs, reference: all = new Float32Array() } of items) {
    const { ids, start } = sequence;
    const own = await policy.run([ids], { tokenLogProbs: true });
    const other = await reference.run([ids], { tokenLogProbs: true });
    for (let t = start; t < ids.length; t++) {
      expect(logProbs[t - start]).toBeCloseTo(own.tokenLogProbs?.[t] as number, 5);
      const at = (t - start) * policy.info.vocabularySize + (ids[t] as number);
      expect(all[at]).toBeCloseTo(other.tokenLogProbs?.[t] as number, 5);
    }
  }
});

test('takes log-ratios off the rewards where they are told to stand there', async () => {
  const [plain, penalised] = [
    await collected({ klIn: 'loss' }),
    await collected({ klIn: 'reward', klWeight: 0.3 }),
  ];
  expect(penalised.items[0]?.reference).toBeUndefined();
  for (const [i, { sequence, logProbs, advantages }] of penalised.items.entries()) {
    const other = await penalised.reference.run([sequence.ids], { tokenLogProbs: true });
    advantages.forEach((advantage, t) => {
      const ratio = (logProbs[t] as number) - (other.tokenLogProbs?.[sequence.start + t] as number);
      const without = plain.items[i]?.advantages[t] as number;
      expect(advantage).toBeCloseTo(without - 0.3 * ratio, 4);
    });
  }
});

test('rewards a reply at its last token, and adds rewards up', async () => {
  const signal = {
    name: 'length',
    granularity: 'sequence' as const,
    range: [0, 100] as const,
    score: (replies: readonly { readonly reply: string }[]) =>
      Promise.resolve(replies.map(({ reply }) => reply.length)),
  };
  const model = await loadGolden(tiny());
  const rollouts = [
    { prompt: [7], reply: [5, 8, 0] },
    { prompt: [7, 9], reply: [5] },
  ];
  const both = addRewards([
    { reward: ofTokens, factor: 10 },
    { reward: replyRewards(model, signal), factor: 1 },
  ]);
  const [long, short] = await both(rollouts);
  const lengths = rollouts.map((one) => rolloutText(model, one).reply.length);
  expect([...(long ?? [])]).toEqual([20, 0, lengths[0]]);
  expect([...(short ?? [])]).toEqual([20 + (lengths[1] as number)]);
  expect(rolloutText(model, rollouts[0] as (typeof rollouts)[0])).toEqual({
    prompt: 't7',
    reply: ' t5 t8',
  });
});
