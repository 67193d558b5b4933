import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadModel } from '@feedprint/activations';
import { createRandom, dot, matrix, row, takeRows } from '@feedprint/core';
import type { LanguageModel, Matrix } from '@feedprint/core';
import { attributeChange, pearson } from '@feedprint/probe';
import { createSae } from '@feedprint/sae';

const LAYERS = [1, 3] as const;
const DSAE = 96;
const texts = [
  'the film was a wonderful',
  'i think it is the worst',
  'what a',
  'this movie has some great',
  'all of it was simply boring',
  'the plot is so',
];

let models: Record<'base' | 'tuned', LanguageModel>;
let rows: number[][];

beforeAll(async () => {
  const load = (name: string) =>
    loadModel(fileURLToPath(new URL(`../../../packages/demo-models/${name}`, import.meta.url)), {
      threads: 1,
    });
  models = { base: await load('base'), tuned: await load('tuned-planted') };
  rows = texts.map((text) => [...models.base.tokenizer.encode(text)]);
});

afterAll(async () => {
  for (const model of Object.values(models)) await model.dispose();
});

/** A random dictionary: the identity must hold for any. */
function randomSae(site: string, dIn: number) {
  const random = createRandom(11);
  const draw = (r: number, c: number): Matrix =>
    matrix(
      r,
      c,
      Float32Array.from({ length: r * c }, () => random.normal() / Math.sqrt(dIn)),
    );
  return createSae({
    site,
    architecture: { kind: 'topk', k: 8 },
    weights: {
      wEnc: draw(dIn, DSAE),
      bEnc: new Float32Array(DSAE),
      wDec: draw(DSAE, dIn),
      bDec: new Float32Array(dIn).fill(0.01),
    },
    threads: 1,
  });
}

/** Everything at the position that predicts each row's last token. */
async function atPrediction(site: string) {
  let end = 0;
  const at = rows.map(({ length }) => (end += length) - 2);
  const of = async (model: LanguageModel) => {
    const { activations } = await model.run(rows, { capture: [site] });
    return takeRows(activations.get(site) as Matrix, at);
  };
  const targets = rows.map((tokens) =>
    tokens.map((_, i) => (i === tokens.length - 2 ? (tokens.at(-1) as number) : -1)),
  );
  const gradients = await models.tuned.gradients?.(rows, { sites: [site], targets });
  return {
    at,
    gradient: takeRows(gradients?.get(site) as Matrix, at),
    activations: { tuned: await of(models.tuned), base: await of(models.base) },
  };
}

describe.each(LAYERS)('the change of layer %i', (layer) => {
  const site = `blocks.${layer}.hook_mlp_out`;

  test('is the sum of what goes through its features and of the error', async () => {
    const { gradient, activations } = await atPrediction(site);
    const sae = randomSae(site, gradient.columns);
    const { contributions, total, error } = attributeChange({
      gradient,
      activations,
      features: {
        tuned: await sae.encode(activations.tuned),
        base: await sae.encode(activations.base),
      },
      wDec: sae.weights.wDec,
      word: Int32Array.from(rows.keys()),
      words: rows.length,
    });
    await sae.dispose();
    rows.forEach((_, r) => {
      const g = row(gradient, r);
      const moved = dot(g, row(activations.tuned, r)) - dot(g, row(activations.base, r));
      expect(total[r]).toBeCloseTo(moved, 10);
      const byFeature = row(contributions, r).reduce((sum, value) => sum + value, 0);
      expect(byFeature + (error[r] as number)).toBeCloseTo(moved, 5);
      // Some of it goes through features, so that the sum is not the error's alone.
      expect(Math.abs(byFeature)).toBeGreaterThan(1e-6);
    });
  });

  test('is to first order what putting the activation of the base there changes', async () => {
    const { at, gradient, activations } = await atPrediction(site);
    // Part of the way, so that first order must come near: the rest is of second order.
    for (const share of [0.05, 1]) {
      const lastLogProbs = async (patched: boolean): Promise<number[]> => {
        const apply = (x: Matrix): Matrix => {
          const data = x.data.slice();
          at.forEach((r, i) => {
            row(activations.base, i).forEach((value, c) => {
              const here = r * x.columns + c;
              data[here] = (1 - share) * (data[here] as number) + share * value;
            });
          });
          return matrix(x.rows, x.columns, data);
        };
        const edits = patched ? [{ site, apply }] : [];
        const { tokenLogProbs } = await models.tuned.run(rows, { tokenLogProbs: true, edits });
        return at.map((i) => tokenLogProbs?.[i + 1] as number);
      };
      const [plain, patched] = [await lastLogProbs(false), await lastLogProbs(true)];
      const truth = plain.map((value, i) => value - (patched[i] as number));
      const firstOrder = rows.map((_, r) => {
        const g = row(gradient, r);
        return share * (dot(g, row(activations.tuned, r)) - dot(g, row(activations.base, r)));
      });
      expect(pearson(firstOrder, truth)?.r).toBeGreaterThan(share === 1 ? 0.9 : 0.999);
      if (share === 1) continue;
      const size = Math.max(...truth.map(Math.abs));
      truth.forEach((value, r) =>
        expect(Math.abs(value - (firstOrder[r] as number))).toBeLessThan(0.05 * size),
      );
    }
  });
});
