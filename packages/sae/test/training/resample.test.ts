import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix, norm, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import type { TrainingSession } from '@feedprint/graph';
import { createOnnxTrainer, evaluateSae } from '../../src/index.ts';
import { createResampler } from '../../src/training/resample.ts';
import { parseSettings } from '../../src/training/settings.ts';
import { SITE, normalMatrix } from '../support/saes.ts';
import { storeOf } from '../support/stores.ts';

const [FEATURES, WIDTH, ROWS] = [6, 4, 10];
/** Features 1 and 4 have been silent for too long. */
const silent = [0, 100, 99, 0, 250, 10];
const settings = parseSettings({ batchRows: ROWS, resampleTokens: 100, deadTokens: 100 });
const parameters = [
  { name: 'wDec', perFeature: 'row', start: 0, moments: ['wDec.m'] },
  { name: 'wEnc', perFeature: 'row', start: 0, moments: ['wEnc.m'] },
  { name: 'bEnc', perFeature: 'number', start: 0.25, moments: ['bEnc.m'] },
  { name: 'bDec', perFeature: 'none', start: 0, moments: ['bDec.m'] },
] as const;

function states(rowErrors: readonly number[]): Record<string, Float32Array> {
  const of = (length: number, seed: number): Float32Array => normalMatrix(1, length, seed).data;
  return {
    wDec: of(FEATURES * WIDTH, 1),
    'wDec.m': of(FEATURES * WIDTH, 2),
    wEnc: of(FEATURES * WIDTH, 3),
    'wEnc.m': of(FEATURES * WIDTH, 4),
    bEnc: of(FEATURES, 5),
    'bEnc.m': of(FEATURES, 6),
    bDec: of(WIDTH, 7),
    'bDec.m': of(WIDTH, 8),
    silent: Float32Array.from(silent),
    rowErrors: Float32Array.from(rowErrors),
  };
}

/** A session that gives copies of its state, as an engine may. */
function sessionOver(state: Record<string, Float32Array>): TrainingSession {
  return {
    step: () => Promise.reject(new Error('not to be taken')),
    read: (name) => (state[name] as Float32Array).slice(),
    write: (name, data) => state[name]?.set(data),
    dispose: () => Promise.resolve(),
  };
}

function resampled(
  rowErrors: readonly number[],
  step: number,
  x: Matrix,
): Record<string, Float32Array> {
  const state = states(rowErrors);
  const random = createRandom(1);
  createResampler({ settings, parameters, session: sessionOver(state), random })(step, () => x);
  return state;
}

const x = normalMatrix(ROWS, WIDTH, 20, 3);
const part = (data: Float32Array | undefined, f: number): Float32Array =>
  row(matrix(FEATURES, WIDTH, data), f);

describe('resampling', () => {
  // All the error is in row 7.
  const errors = Array.from({ length: ROWS }, (_, r) => (r === 7 ? 5 : 0));

  test('turns a dead feature towards a badly reconstructed row, as short as a fifth of the live encoders', () => {
    const before = states(errors);
    const after = resampled(errors, 10, x);
    const direction = row(x, 7).map((v, i) => v - (before['bDec']?.[i] as number));
    const live = [0, 2, 3, 5].map((f) => norm(part(before['wEnc'], f)));
    const length = (0.2 * live.reduce((a, b) => a + b, 0)) / live.length;
    for (const f of [1, 4]) {
      direction.forEach((v, i) => {
        expect(part(after['wDec'], f)[i]).toBeCloseTo(v / norm(direction), 5);
        expect(part(after['wEnc'], f)[i]).toBeCloseTo((length * v) / norm(direction), 5);
      });
      expect(after['bEnc']?.[f]).toBe(0.25);
      for (const name of ['wDec.m', 'wEnc.m'])
        expect(part(after[name], f).every((v) => v === 0)).toBe(true);
      expect([after['bEnc.m']?.[f], after['silent']?.[f]]).toEqual([0, 0]);
    }
  });

  test('leaves live features and everything that no feature owns as it was', () => {
    const [before, after] = [states(errors), resampled(errors, 10, x)];
    for (const f of [0, 2, 3, 5]) {
      for (const name of ['wDec', 'wDec.m', 'wEnc', 'wEnc.m']) {
        expect(part(after[name], f)).toEqual(part(before[name], f));
      }
      for (const name of ['bEnc', 'bEnc.m', 'silent']) {
        expect(after[name]?.[f]).toBe(before[name]?.[f]);
      }
    }
    for (const name of ['bDec', 'bDec.m', 'rowErrors']) expect(after[name]).toEqual(before[name]);
  });

  test('happens when its number of tokens has passed, not between', () => {
    for (const step of [1, 9, 11, 19]) expect(resampled(errors, step, x)).toEqual(states(errors));
    for (const step of [10, 20]) expect(resampled(errors, step, x)).not.toEqual(states(errors));
  });

  test('draws rows with the square of their error as weight', () => {
    const two = Array.from({ length: ROWS }, (_, r) => (r === 2 ? 1 : r === 6 ? 2 : 0));
    let [second, total] = [0, 0];
    for (let step = 10; step <= 4000; step += 10) {
      const vector = part(resampled(two, step, x)['wDec'], 1);
      const towards = row(x, 6).map((v, i) => v - (states(two)['bDec']?.[i] as number));
      const cosine =
        vector.reduce((sum, v, i) => sum + v * (towards[i] as number), 0) / norm(towards);
      second += cosine > 0.9999 ? 1 : 0;
      total++;
    }
    // 4 : 1, with a standard deviation of 0.02 over 400 draws.
    expect(second / total).toBeGreaterThan(0.74);
    expect(second / total).toBeLessThan(0.86);
  });

  test('brings features of a sparse SAE back to life', async () => {
    const rows = normalMatrix(2000, 8, 4);
    const alive = async (resampleTokens: number | null): Promise<number> => {
      const sae = await createOnnxTrainer({
        kind: 'relu',
        l1: 6,
        batchRows: 100,
        tokens: 60_000,
        learningRate: 0.02,
        deadTokens: 2000,
        resampleTokens,
        threads: 1,
      }).train(storeOf(rows), { site: SITE, dSae: 64, seed: 1 });
      return (await evaluateSae(sae, rows)).alive;
    };
    const [without, with_] = [await alive(null), await alive(5000)];
    expect(with_).toBeGreaterThan(without + 0.1);
  });
});
