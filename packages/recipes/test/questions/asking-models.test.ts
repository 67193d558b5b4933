import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadModel } from '@feedprint/activations';
import { matrix, row } from '@feedprint/core';
import type { LanguageModel, SparseAutoencoder } from '@feedprint/core';
import { createSae } from '@feedprint/sae';
import { continueTokens } from '../../src/questions/continue-tokens.ts';
import { ratiosOf, tryReplyEdits } from '../../src/questions/edit-reply.ts';
import { readTokens } from '../../src/questions/read-tokens.ts';
import type { RunModels } from '../../src/questions/run-models.ts';

const SITE = 'blocks.3.hook_mlp_out';
const WIDTH = 128;
const folder = (name: string): string =>
  fileURLToPath(new URL(`../../../../packages/demo-models/${name}`, import.meta.url));

let models: RunModels;
let sae: SparseAutoencoder;
let saes: ReadonlyMap<string, SparseAutoencoder>;

/** log p of every token but the first, by the softmax of the logits before it: another way than the model's own. */
async function logProbs(model: LanguageModel, ids: readonly number[]): Promise<number[]> {
  const { logits } = await model.run([ids], { logits: 'all' });
  return ids.slice(1).map((id, t) => {
    const before = row(logits as NonNullable<typeof logits>, t);
    const most = Math.max(...before);
    const sum = before.reduce((total, logit) => total + Math.exp(logit - most), 0);
    return (before[id] as number) - most - Math.log(sum);
  });
}

beforeAll(async () => {
  models = {
    base: await loadModel(folder('base')),
    tuned: await loadModel(folder('tuned-planted')),
  };
  // Feature f is unit f where it is positive, so that what is active can be read off the activations.
  const unit = matrix(WIDTH, WIDTH);
  for (let i = 0; i < WIDTH; i++) unit.data[i * WIDTH + i] = 1;
  const zeros = new Float32Array(WIDTH);
  // Far too large a decoder: what is switched off leaves its mark on what is written.
  const wDec = matrix(
    WIDTH,
    WIDTH,
    unit.data.map((value) => 8 * value),
  );
  const weights = { wEnc: unit, bEnc: zeros, wDec, bDec: zeros };
  sae = createSae({ site: SITE, architecture: { kind: 'relu' }, weights });
  saes = new Map([[SITE, sae]]);
});

afterAll(async () => {
  await sae.dispose();
  await models.tuned.dispose();
  await models.base.dispose();
});

const encode = (text: string): readonly number[] => models.tuned.tokenizer.encode(text);

describe('readTokens', () => {
  test('gives the log-probability of every token under both models', async () => {
    const ids = encode('The film was wonderful and the acting was terrible');
    const { tokens, truncated } = await readTokens(models, saes, ids);
    expect(truncated).toBe(false);
    expect(tokens.map(({ id }) => id)).toEqual([...ids]);
    expect(tokens[0]).toMatchObject({ base: null, tuned: null });
    for (const role of ['base', 'tuned'] as const) {
      const expected = await logProbs(models[role], ids);
      expected.forEach((value, t) => expect(tokens[t + 1]?.[role]).toBeCloseTo(value, 4));
    }
  });

  test('names the features that are active, strongest first', async () => {
    const ids = encode('The film was great');
    const { tokens } = await readTokens(models, saes, ids);
    const { activations } = await models.tuned.run([ids], { capture: [SITE] });
    const values = activations.get(SITE) ?? matrix(0, WIDTH);
    tokens.forEach(({ features }, t) => {
      const units = [...row(values, t)].map((value, index) => ({ value, index }));
      const strongest = units.toSorted((a, b) => b.value - a.value).slice(0, features.length);
      expect(features.map(({ index }) => index)).toEqual(strongest.map(({ index }) => index));
      features.forEach(({ activation }, i) => {
        expect(activation).toBeCloseTo(strongest[i]?.value ?? NaN, 5);
      });
    });
  });

  test('gives what may come next, most probable first', async () => {
    const ids = encode('The film was');
    const { next } = await readTokens(models, saes, ids);
    const [greedy = []] = await models.tuned.generate([ids], {
      maxNewTokens: 1,
      temperature: 0,
      seed: 0,
    });
    expect(next[0]?.text).toBe(models.tuned.tokenizer.decode(greedy));
    expect(next.reduce((sum, { tuned }) => sum + tuned, 0)).toBeLessThanOrEqual(1);
    const first = await logProbs(models.tuned, [...ids, greedy[0] as number]);
    expect(next[0]?.tuned).toBeCloseTo(Math.exp(first.at(-1) as number), 5);
  });

  test('refuses a text without a token', async () => {
    await expect(readTokens(models, saes, [])).rejects.toMatchObject({ code: 'texts-invalid' });
  });
});

describe('continueTokens', () => {
  const sampling = { maxNewTokens: 12, temperature: 0, seed: 0 };
  const write = (change: { ablate?: number[]; dose?: number }) =>
    continueTokens(models, {
      ids: encode('The film was'),
      saes,
      // A constant would be taken away by the norm that follows.
      direction: { site: SITE, direction: new Float32Array(WIDTH).map((_, i) => (i % 2) - 0.5) },
      ablate: (change.ablate ?? []).map((index) => ({ site: SITE, index })),
      dose: change.dose ?? 0,
      sampling,
    });

  test('leaves the tuned model alone without an intervention', async () => {
    expect(await write({})).toMatchObject({ changed: null });
  });

  test('lets features that are switched off, and steering, change what is written', async () => {
    const off = await write({ ablate: Array.from({ length: WIDTH }, (_, i) => i) });
    expect(off.changed).not.toBe(off.tuned);
    const steered = await write({ dose: 5 });
    expect(steered.changed).not.toBe(steered.tuned);
    expect(steered.tuned).toBe(off.tuned);
  });

  test('refuses a site without an SAE', async () => {
    const asked = continueTokens(models, {
      ...{ ids: encode('The'), saes: new Map(), dose: 0, sampling },
      ablate: [{ site: SITE, index: 0 }],
    });
    await expect(asked).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('tryReplyEdits', () => {
  const prompt = 'The film';
  const reply = ' was great. It is a good story!';

  test('gives R as the sum of log-ratios over the tokens of the reply', async () => {
    const [R] = await ratiosOf(models, prompt, [reply]);
    const ids = encode(prompt + reply);
    const start = encode(prompt).length;
    const [base, tuned] = [await logProbs(models.base, ids), await logProbs(models.tuned, ids)];
    const expected = ids
      .slice(start)
      .reduce(
        (sum, _, i) => sum + (tuned[start + i - 1] as number) - (base[start + i - 1] as number),
        0,
      );
    expect(R).toBeCloseTo(expected, 3);
  });

  test('moves the property that an edit is for, and says what becomes of R', async () => {
    const { written, edits } = await tryReplyEdits(models, { prompt, reply });
    const off = edits.find(({ edit }) => edit === 'exclamation-off');
    expect(off?.reply).toBe(' was great. It is a good story.');
    expect(off?.change).toBeLessThan(0);
    const [alone] = await ratiosOf(models, prompt, [off?.reply ?? '']);
    expect(off?.R).toBeCloseTo(alone ?? NaN, 4);
    const moves = edits.map(({ R }) => Math.abs((R ?? 0) - (written.R ?? 0)));
    expect(moves).toEqual(moves.toSorted((a, b) => b - a));
  });
});
