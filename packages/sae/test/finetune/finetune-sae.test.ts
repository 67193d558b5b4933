import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createRandom, norm, row } from '@feedprint/core';
import type { LanguageModel, Matrix } from '@feedprint/core';
import { evaluateInModel, evaluateSae, finetuneSae } from '../../src/index.ts';
import type { FinetuneOptions, GraphSae, SaeKind } from '../../src/index.ts';
import { startFinetuning } from '../../src/finetune/finetuning.ts';
import type { DifferentiableModel } from '../../src/finetune/finetuning.ts';
import { parseFinetuneSettings } from '../../src/finetune/settings.ts';
import { VOCABULARY, WIDTH, createPlainModel } from '../support/plain-model.ts';
import { SITE, randomSae } from '../support/saes.ts';

const model = createPlainModel() as ReturnType<typeof createPlainModel> & DifferentiableModel;
const random = createRandom(9);
/** Token 0 is special. */
const texts = Array.from({ length: 60 }, () =>
  Int32Array.from({ length: 6 + random.integer(6) }, (_, i) =>
    i === 0 ? 0 : 1 + random.integer(VOCABULARY - 1),
  ),
);
const [train, heldOut] = [texts.slice(0, 50), texts.slice(50)];

const kinds: Readonly<Record<string, SaeKind>> = {
  tied: { kind: 'tied' },
  relu: { kind: 'relu' },
  gated: { kind: 'gated' },
  topk: { kind: 'topk', k: 3 },
  batchtopk: { kind: 'batchtopk', k: 3 },
  matryoshka: { kind: 'matryoshka', k: 3, widths: [4, 12] },
};
const saeOf = (name: string, seed = 2): GraphSae =>
  randomSae({ architecture: kinds[name] as SaeKind, dIn: WIDTH, dSae: 12, seed });

const quick = { tokens: 6000, batchRows: 60, learningRate: 0.01 } as const;
const finetune = (options: Partial<FinetuneOptions> = {}): Promise<GraphSae> =>
  finetuneSae({
    ...{ sae: saeOf('batchtopk'), model, texts: train, seed: 3, settings: quick, threads: 1 },
    ...options,
  });

const product = ({ weights: { wEnc, bEnc, wDec, bDec, extra } }: GraphSae): unknown => ({
  ...{ wEnc: wEnc.data, bEnc, wDec: wDec.data, bDec },
  ...extra,
});

describe.each(Object.keys(kinds))('a fine-tuning step of %s', (name) => {
  test('goes down the gradient of error and divergence together, which central differences confirm', async () => {
    const rate = 1e-3;
    const settings = parseFinetuneSettings({
      ...{ tokens: 40, batchRows: 40, learningRate: rate, divergenceWeight: 3 },
      ...{ optimizer: 'sgd', beta1: 0, l1: 0.2 },
    });
    const scale = new Float32Array(WIDTH).fill(0.7);
    const tuning = await startFinetuning({ sae: saeOf(name), model, settings, scale, threads: 1 });
    const batch = texts.slice(0, 12);
    let kept = 40;
    const exact = batch.flatMap((text) => {
      const own = text.slice(0, kept + 1);
      kept -= own.length - 1;
      return own.length > 1 ? [own] : [];
    });
    const start = tuning.state();
    const copy = Object.fromEntries(
      Object.entries(start.state).map(([key, data]) => [key, data.slice()]),
    );
    const at = async (changed: Record<string, Float32Array>) => {
      tuning.restore({ state: { ...copy, ...changed }, dead: 0 });
      return tuning.step(1, exact);
    };
    const first = await at({});
    const weight = (3 * first.mse) / first.divergence;
    const after = Object.fromEntries(
      Object.entries(tuning.state().state).map(([key, data]) => [key, data.slice()]),
    );
    const total = async (changed: Record<string, Float32Array>): Promise<number> => {
      const { loss, divergence } = await at(changed);
      return loss + weight * divergence;
    };
    // What only gates read, and a frozen decoder, have by design no true gradient.
    const smooth = name === 'gated' ? ['bEnc', 'rMag'] : ['wEnc', 'bEnc', 'bDec', 'wDec'];
    for (const key of smooth.filter((own) => own in copy)) {
      const before = copy[key] as Float32Array;
      const gradient = before.map(
        (v, i) => (v - ((after[key] as Float32Array)[i] as number)) / rate,
      );
      const length = norm(gradient);
      expect(length).toBeGreaterThan(0.01);
      const step = 2e-3;
      const moved = (sign: number): Record<string, Float32Array> => ({
        [key]: before.map((v, i) => v + (sign * step * (gradient[i] as number)) / length),
      });
      const slope = ((await total(moved(1))) - (await total(moved(-1)))) / (2 * step);
      expect(Math.abs(slope / length - 1)).toBeLessThan(0.03);
    }
    await tuning.dispose();
  });
});

describe('fine-tuning', () => {
  test.each(['batchtopk', 'topk', 'gated'])(
    'of %s brings the predictions nearer to the clean ones, also of other texts',
    async (name) => {
      const kl = async (sae: GraphSae): Promise<number> =>
        (await evaluateInModel(model, sae, heldOut)).kl.reconstructed;
      const sae = saeOf(name);
      const seen: number[] = [];
      const tuned = await finetune({ sae, onStep: ({ divergence }) => seen.push(divergence) });
      expect(seen).toHaveLength(100);
      expect(seen.at(-1)).toBeLessThan(0.5 * (seen[0] as number));
      expect(await kl(tuned)).toBeLessThan(0.5 * (await kl(sae)));
      expect([tuned.architecture, tuned.site]).toEqual([sae.architecture, SITE]);
    },
  );

  test('by the divergence leaves less of it than by the error alone', async () => {
    const after = async (divergenceWeight: number): Promise<number> => {
      const settings = { ...quick, divergenceWeight };
      return (await evaluateInModel(model, await finetune({ settings }), heldOut)).kl.reconstructed;
    };
    expect(await after(4)).toBeLessThan(0.9 * (await after(0)));
  });

  test('keeps the lengths of decoder vectors, by which features are ranked', async () => {
    const sae = saeOf('batchtopk');
    sae.weights.wDec.data.forEach((v, i, all) => (all[i] = v * (1 + (Math.floor(i / WIDTH) % 3))));
    const lengths = ({ weights: { wDec } }: GraphSae): number[] =>
      Array.from({ length: wDec.rows }, (_, f) => norm(row(wDec, f)));
    const tuned = await finetune({ sae });
    const before = lengths(sae);
    lengths(tuned).forEach((length, f) => expect(length / (before[f] as number)).toBeCloseTo(1, 4));
    expect(tuned.weights.wDec).not.toEqual(sae.weights.wDec);
  });

  test('leaves special tokens as the model has them', async () => {
    let checked = 0;
    const watched: LanguageModel = {
      ...model,
      async run(rows, request) {
        const [edit] = request.edits ?? [];
        if (edit) {
          const plain = model.activations(rows);
          const put = (await edit.apply(plain, new Int32Array(plain.rows))) as Matrix;
          rows
            .flatMap((text) => Array.from(text))
            .forEach((id, r) => {
              expect(norm(row(put, r).map((v, i) => v - (row(plain, r)[i] as number))) > 0).toBe(
                id > 0,
              );
              checked++;
            });
        }
        return model.run(rows, request);
      },
    };
    await finetune({ model: watched, settings: { ...quick, tokens: 120 } });
    expect(checked).toBeGreaterThan(120);
  });

  test('sets thresholds for a number of active features', async () => {
    const tuned = await finetune({ settings: { ...quick, targetL0: 2.5 } });
    const rows = model.activations(train.map((text) => text.subarray(1)));
    // Of texts as they are, whose first row follows a special token.
    expect(Math.abs((await evaluateSae(tuned, rows)).l0 - 2.5)).toBeLessThan(0.3);
    expect(new Set(tuned.weights.extra?.['threshold']).size).toBe(1);
  });

  test('continues after a stop to the same bytes, and not as another', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'feedprint-'));
    try {
      const settings = { ...quick, targetL0: 2 };
      const whole = await finetune({ settings });
      const checkpoint = { folder, everyTokens: 600 };
      const control = new AbortController();
      const stopped = finetune({
        ...{ settings, checkpoint, signal: control.signal },
        onStep: ({ step }) => step === 33 && control.abort(),
      });
      await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
      for (const other of [{ seed: 4 }, { sae: saeOf('batchtopk', 5) }, { texts: heldOut }]) {
        const refused = finetune({ settings, checkpoint, ...other });
        await expect(refused).rejects.toMatchObject({ code: 'run-invalid' });
      }
      const steps: number[] = [];
      const resumed = await finetune({
        ...{ settings, checkpoint },
        onStep: ({ step }) => steps.push(step),
      });
      expect(steps[0]).toBe(34);
      expect(product(resumed)).toEqual(product(whole));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('stops at predictions that are no numbers, and says at which step', async () => {
    const broken: LanguageModel = {
      ...model,
      async run(rows, request) {
        const result = await model.run(rows, request);
        if (request.edits) result.logits?.data.fill(NaN, 3, 4);
        return result;
      },
    };
    await expect(finetune({ model: broken })).rejects.toMatchObject({
      code: 'numbers-invalid',
      message: expect.stringMatching(/stopped at step 1: the divergence .* NaN/) as unknown,
    });
  });

  const { gradients: _, ...fixed } = model;
  test.each<[string, Partial<FinetuneOptions>, string, RegExp]>([
    ['a model without gradients', { model: fixed }, 'usage', /plain cannot be differentiated/],
    ['another site', { model: { ...model, sites: [] } }, 'usage', /has no site blocks\.0/],
    [
      'another width',
      { sae: randomSae({ architecture: { kind: 'relu' }, dIn: 7 }) },
      'shape-mismatch',
      /reads 7 units, .* has 5/,
    ],
    [
      'a crosscoder',
      { sae: randomSae({ architecture: { kind: 'crosscoder', k: 2, models: 2 } }) },
      'config-invalid',
      /crosscoder reads two models/,
    ],
    ['a setting out of range', { settings: { tokens: 0 } }, 'config-invalid', /tokens/],
    [
      'a number of features where nothing holds them back',
      { sae: saeOf('topk'), settings: { targetL0: 2 } },
      'config-invalid',
      /kind topk has no threshold/,
    ],
    ['no texts', { texts: [[0]] }, 'texts-invalid', /no token to train on/],
  ])('refuses %s', async (__, options, code, says) => {
    await expect(finetune(options)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(says) as unknown,
    });
  });
});
