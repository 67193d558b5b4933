import { describe, expect, test } from '@jest/globals';
import { createRandom, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { saeTrainerConformance } from '@feedprint/core/testing';
import { createOnnxEngine } from '@feedprint/graph';
import type { Engine } from '@feedprint/graph';
import { createTfjsEngine } from '@feedprint/graph/tfjs';
import { createSaeTrainer } from '../../src/index.ts';
import type { SaeTrainingSettings } from '../../src/index.ts';
import { createTfjsTrainer } from '../../src/training/tfjs-trainer.ts';
import { SITE, normalMatrix } from '../support/saes.ts';
import { storeOf } from '../support/stores.ts';

const quick = {
  backend: 'wasm',
  batchRows: 50,
  tokens: 20_000,
  learningRate: 0.05,
  threads: 1,
} as const;

const trainers = {
  relu: () => createTfjsTrainer({ ...quick, tokens: 12_500, kind: 'relu', l1: 0.5 }),
  topk: () => createTfjsTrainer({ ...quick, kind: 'topk', k: 3 }),
};

describe.each(Object.entries(trainers))('the trainer of kind %s on TensorFlow.js', (_, make) => {
  for (const check of saeTrainerConformance(make)) test(check.name, check.run);
});

/** Sums of three of 24 directions and a little noise, `[2000, 16]`. */
function activations(): Matrix {
  const random = createRandom(4);
  const directions = normalMatrix(24, 16, 5);
  const x = normalMatrix(2000, 16, 6, 0.05);
  for (let r = 0; r < x.rows; r++) {
    for (let i = 0; i < 3; i++) {
      const strength = 1 + random.next();
      const direction = row(directions, random.integer(24));
      row(x, r).forEach((v, j, values) => (values[j] = v + strength * (direction[j] as number)));
    }
  }
  return x;
}

/** The loss of every step, and the steps that were variants. */
async function curve(engine: Engine, settings: Partial<SaeTrainingSettings>, dSae = 64) {
  const losses: number[] = [];
  const variants: number[] = [];
  const recording: Engine = {
    name: engine.name,
    async createTrainingSession(graph, options) {
      const session = await engine.createTrainingSession(graph, options);
      return {
        ...session,
        async step(feeds, variant) {
          const metrics = await session.step(feeds, variant);
          if (variant !== undefined) variants.push(losses.length);
          losses.push(metrics['loss'] as number);
          return metrics;
        },
      };
    },
  };
  const trainer = createSaeTrainer({
    engine: recording,
    batchRows: 256,
    tokens: 200 * 256,
    threads: 1,
    ...settings,
  });
  const sae = await trainer.train(storeOf({ [SITE]: activations() }), {
    site: SITE,
    dSae,
    seed: 1,
  });
  await sae.dispose();
  return { losses, variants };
}

/** The largest relative difference of two curves. */
const worst = (losses: readonly number[], expected: readonly number[]): number =>
  Math.max(...losses.map((loss, i) => Math.abs(loss / (expected[i] as number) - 1)));

describe('200 steps have the losses of onnxruntime within 0.1 %', () => {
  const onnx = createOnnxEngine({ threads: 1 });

  test.each([
    { kind: 'relu', l1: 1 },
    { kind: 'topk', k: 4, deadTokens: 2560 },
    { kind: 'batchtopk', k: 4 },
    { kind: 'jumprelu', l0: 1, bandwidth: 0.5 },
  ] as const)('on WebAssembly: %j', async (settings) => {
    const expected = await curve(onnx, settings);
    const { losses, variants } = await curve(createTfjsEngine({ backend: 'wasm' }), settings);
    expect(losses).toHaveLength(200);
    expect(worst(losses, expected.losses)).toBeLessThan(1e-3);
    expect(variants).toEqual(expected.variants);
    expect(losses[199]).toBeLessThan(0.6 * (losses[0] as number));
  });

  test('in JavaScript', async () => {
    const settings = { kind: 'relu', l1: 1, batchRows: 32, tokens: 200 * 32 } as const;
    const expected = await curve(onnx, settings, 16);
    const { losses } = await curve(createTfjsEngine({ backend: 'cpu' }), settings, 16);
    expect(losses).toHaveLength(200);
    expect(worst(losses, expected.losses)).toBeLessThan(1e-3);
  });
});

test('makes nothing of settings that are wrong, and loads nothing before training', () => {
  expect(() => createTfjsTrainer({ k: 0 })).toThrow(
    expect.objectContaining({ code: 'config-invalid' }),
  );
  expect(createTfjsTrainer({ k: 3 }).name).toBe('tensorflow');
});
