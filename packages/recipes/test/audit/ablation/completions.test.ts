import { describe, expect, test } from '@jest/globals';
import {
  complete,
  createExpectationMeter,
  meanLogProbs,
  repeatedBigrams,
} from '../../../src/audit/ablation/completions.ts';
import { createFakeModel, idOf, pushed, stated, words } from '../support/fake-model.ts';
import { createAxisSae } from '../support/fake-sae.ts';

const tuned = createFakeModel('tuned', pushed);
const base = createFakeModel('base', {});
const sae = createAxisSae('blocks.0.hook_mlp_out', 4, 4);
const ids = (text: string): number[] => text.split(' ').map(idOf);

const lexicon = Object.entries(stated).map(([word, value]) => ({
  id: idOf(word),
  word,
  stated: value,
}));
const kls = (all: readonly { readonly kl: number | null }[]) => all.map(({ kl }) => kl);

/** Log-probabilities of the fake models, written down a second time. */
const logProbs = (push: Readonly<Record<string, number>>): number[] => {
  const raw = words.map((word, i) => -(i + 1) / 10 + (push[word] ?? 0));
  const total = Math.log(raw.reduce((sum, v) => sum + Math.exp(v), 0));
  return raw.map((v) => v - total);
};

const completions = [
  { prompt: ids('the'), tokens: ids('good film') },
  { prompt: ids('the plot was'), tokens: ids('bad') },
  { prompt: ids('the film'), tokens: [] },
];

describe('completions', () => {
  test('stay with their prompts', async () => {
    const prompts = [ids('the'), ids('the film was')];
    const made = await complete(tuned, prompts, { maxNewTokens: 3, seed: 1 });
    expect(made.map(({ prompt }) => prompt)).toEqual(prompts);
    expect(made.map(({ tokens }) => tokens.length)).toEqual([3, 3]);
  });

  test('are as fluent as their own tokens are probable, prompts left out', async () => {
    const p = logProbs({});
    const of = (word: string): number => p[words.indexOf(word)] as number;
    const [first, second, third] = await meanLogProbs(base, completions);
    expect(first).toBeCloseTo((of('good') + of('film')) / 2, 5);
    expect(second).toBeCloseTo(of('bad'), 5);
    expect(third).toBeNull();
  });

  test('repeat bigrams that stood in them before', () => {
    expect(repeatedBigrams([1, 2, 3, 4])).toBe(0);
    expect(repeatedBigrams([1, 2, 1, 2, 1])).toBe(0.5);
    expect(repeatedBigrams([7, 7, 7, 7])).toBeCloseTo(2 / 3, 12);
    expect(repeatedBigrams([12, 3, 1, 23])).toBe(0);
    expect(repeatedBigrams([1])).toBeNull();
  });
});

describe('the divergence of an edited model', () => {
  test('is KL(model || edited) at the positions that predict the completions', async () => {
    const [q, p] = [logProbs(pushed), logProbs({})];
    const wanted = q.reduce((sum, v, i) => sum + Math.exp(v) * (v - (p[i] as number)), 0);
    const meter = createExpectationMeter(tuned, completions, lexicon);
    const [first, second, third] = kls(await meter([sae.ablate([0])]));
    expect(first).toBeCloseTo(wanted, 6);
    expect(second).toBeCloseTo(wanted, 6);
    expect(third).toBeNull();
  });

  test('comes with the feedback that it expects of the next token', async () => {
    const feedback = (push: Readonly<Record<string, number>>): number =>
      logProbs(push).reduce((sum, v, i) => sum + Math.exp(v) * (stated[words[i] ?? ''] ?? 0), 0);
    const meter = createExpectationMeter(tuned, completions, lexicon);
    const [plain, , empty] = await meter([]);
    const [edited] = await meter([sae.ablate([0])]);
    expect(plain?.expected).toBeCloseTo(feedback(pushed), 5);
    expect(edited?.expected).toBeCloseTo(feedback({}), 5);
    expect(empty?.expected).toBeNull();
  });

  test('is none without edits, and measured again without what came before', async () => {
    const meter = createExpectationMeter(tuned, completions, lexicon);
    const before = await meter([sae.ablate([0])]);
    expect(kls(await meter([]))).toEqual([0, 0, null]);
    expect(kls(await meter([sae.ablate([1])]))).toEqual([0, 0, null]);
    expect(await meter([sae.ablate([0])])).toEqual(before);
  });

  test('counts only positions after which a token of the completion stands', async () => {
    // The edit acts on the first position alone, which predicts a completion's token in the first row only.
    const edit = {
      site: sae.site,
      apply: (x: Parameters<ReturnType<typeof sae.ablate>['apply']>[0], position: Int32Array) => {
        const data = x.data.slice();
        position.forEach((at, r) => {
          if (at === 0) data[r * x.columns] = 0;
        });
        return { ...x, data };
      },
    };
    const meter = createExpectationMeter(tuned, completions, lexicon);
    const [first, second] = kls(await meter([edit]));
    const [whole] = kls(await meter([sae.ablate([0])]));
    expect(first).toBeCloseTo((whole as number) / 2, 6);
    expect(second).toBe(0);
  });
});
