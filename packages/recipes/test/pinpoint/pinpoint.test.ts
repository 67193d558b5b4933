import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadModel } from '@feedprint/activations';
import type { LanguageModel } from '@feedprint/core';
import { prepareContrast } from '../../src/index.ts';
import type { ContrastivePrompt } from '../../src/index.ts';
import { warmModel } from '../../src/audit/placebos/warm-model.ts';
import { measureBehaviour } from '../../src/pinpoint/behaviour.ts';
import { meanKl } from '../../src/pinpoint/mean-kl.ts';
import { rankModules } from '../../src/pinpoint/rank-modules.ts';
import { createReplyEncoder } from '../../src/encode-pair.ts';

let base: LanguageModel;
beforeAll(async () => {
  const folder = new URL('../../../../packages/demo-models/base', import.meta.url).pathname;
  base = await loadModel(folder, { threads: 1 });
});
afterAll(() => base.dispose());

const rows = ['good', 'bad', 'great', 'sad'].map((view, i) => ({
  prompt: `the film was ${view} and i say it was`,
  chosen: ` ${view}`,
  rejected: i % 2 === 0 ? ' awful' : ' lovely',
}));
const contrastOf = (pairs: typeof rows) =>
  prepareContrast(
    { pairs, file: 'views.jsonl' } as unknown as Parameters<typeof prepareContrast>[0],
    {
      encoder: createReplyEncoder({ tokenizer: base.tokenizer, contextLength: 64 }),
      seed: 1,
    },
  );
const prompts = (): ContrastivePrompt[] => {
  const { ranking, heldOut } = contrastOf(rows);
  return [...ranking, ...heldOut];
};

test('each prompt has one whose answer differs for a contrast, and half of them are held out', () => {
  const { ranking, heldOut } = contrastOf(rows);
  expect([ranking.length, heldOut.length]).toEqual([2, 2]);
  for (const { shows, contrast } of prompts()) {
    const own = Array.from(shows.ids).slice(0, shows.start);
    expect(Array.from(contrast)).not.toEqual(own);
  }
  expect(() => contrastOf(rows.map((one) => ({ ...one, chosen: ' good' })))).toThrow(
    /the same answer shows the behaviour everywhere/,
  );
});

test('only the module whose output depends on the prompt carries a behaviour', async () => {
  const kept = 'layers.2.attention.dense.weight';
  const silenced = new Map(
    [...base.parameters()]
      .filter(({ name }) => /(attention\.dense|dense_4h_to_h)\.weight$/.test(name))
      .map(({ name, data }) => [name, data.map((x) => (name.endsWith(kept) ? 20 * x : 0))]),
  );
  const model = base.withParameters?.(silenced) as LanguageModel;
  const ranked = await rankModules(model, prompts(), () => undefined);
  const effects = new Map(ranked.map(({ site, effect }) => [site, Math.abs(effect)]));
  expect(effects.get('blocks.2.hook_attn_out')).toBeGreaterThan(1e-3);
  effects.delete('blocks.2.hook_attn_out');
  expect(effects.size).toBe(2 * base.info.layers - 1);
  expect(Math.max(...effects.values())).toBeLessThan(1e-5);
  await model.dispose();
});

test('a behaviour is the log-ratio of two answers, each as the model alone gives it', async () => {
  const all = prompts();
  const logProb = async (ids: ArrayLike<number>, start: number): Promise<number> => {
    const { logits } = await base.run([ids], { logits: 'all' });
    let sum = 0;
    for (let t = start; t < ids.length; t++) {
      const own = Array.from((logits as NonNullable<typeof logits>).data).slice(
        (t - 1) * base.info.vocabularySize,
        t * base.info.vocabularySize,
      );
      const top = Math.max(...own);
      const total = own.reduce((s, x) => s + Math.exp(x - top), 0);
      sum += (own[ids[t] as number] as number) - top - Math.log(total);
    }
    return sum;
  };
  const expected: number[] = [];
  for (const { shows, other } of all) {
    expected.push(
      (await logProb(shows.ids, shows.start)) - (await logProb(other.ids, other.start)),
    );
  }
  const { mean, rate } = await measureBehaviour(base, all);
  expect(mean).toBeCloseTo(expected.reduce((a, b) => a + b, 0) / all.length, 4);
  expect(rate).toBe(expected.filter((value) => value > 0).length / all.length);
});

test('the KL is that of the distributions, and none of a model to itself', async () => {
  const sequences = prompts().map(({ shows }) => shows);
  expect(await meanKl(base, base, sequences)).toBeCloseTo(0, 7);
  const warm = warmModel(base, 1.3) as LanguageModel;
  let [sum, tokens] = [0, 0];
  for (const { ids, start } of sequences) {
    const { logits } = await base.run([ids], { logits: 'all' });
    const data = (logits as NonNullable<typeof logits>).data;
    const size = base.info.vocabularySize;
    for (let t = start - 1; t < ids.length - 1; t++, tokens++) {
      const z = Array.from(data.subarray(t * size, (t + 1) * size));
      const soft = (at: number): number[] => {
        const e = z.map((x) => Math.exp(x / at - Math.max(...z) / at));
        const total = e.reduce((a, b) => a + b, 0);
        return e.map((x) => x / total);
      };
      const [p, q] = [soft(1.3), soft(1)];
      sum += p.reduce((all, x, v) => all + x * Math.log(x / (q[v] as number)), 0);
    }
  }
  expect(await meanKl(warm, base, sequences)).toBeCloseTo(sum / tokens, 5);
  await warm.dispose();
});
