import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { attribute } from '../src/index.ts';
import { expectAllClose, expectClose, hasCode } from './golden.ts';
import { mean, normals } from './words.ts';

const column = (m: Matrix, c: number): number[] =>
  Array.from({ length: m.rows }, (_, r) => m.data[r * m.columns + c] as number);

/** Solves the dense system by Gauss-Jordan elimination with pivots. */
function solve(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const rows = a.map((row, i) => [...row, b[i] as number]);
  const at = (i: number, j: number): number => rows[i]?.[j] as number;
  for (let k = 0; k < rows.length; k++) {
    const pivot = rows.reduce(
      (best, _, i) => (i > k && Math.abs(at(i, k)) > Math.abs(at(best, k)) ? i : best),
      k,
    );
    [rows[k], rows[pivot]] = [rows[pivot] as number[], rows[k] as number[]];
    for (let i = 0; i < rows.length; i++) {
      if (i === k) continue;
      const factor = at(i, k) / at(k, k);
      rows[i] = (rows[i] as number[]).map((value, j) => value - factor * at(k, j));
    }
  }
  return rows.map((_, i) => at(i, rows.length) / at(i, i));
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

/** Ridge with alpha 1 on standardised columns, the plainest way; constant columns are left at 0. */
function reference(features: Matrix, shift: Matrix) {
  const columns = Array.from({ length: features.columns }, (_, f) => column(features, f));
  const deviations = columns.map((values) => {
    const centre = mean(values);
    return values.every((value) => value === values[0])
      ? 0
      : Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
  });
  const z = columns.map((values, f) => {
    const [centre, deviation] = [mean(values), deviations[f] as number];
    return values.map((value) => (deviation === 0 ? 0 : (value - centre) / deviation));
  });
  const gram = z.map((a, f) => z.map((b, g) => dot(a, b) + (f === g ? 1 : 0)));
  let [explained, total] = [0, 0];
  const contributions = Array.from({ length: shift.columns }, (_, w) => {
    const values = column(shift, w);
    const y = values.map((value) => value - mean(values));
    const right = z.map((a) => dot(a, y));
    const slopes = solve(gram, right);
    explained += dot(slopes, right);
    total += dot(y, y);
    return slopes.map((slope, f) =>
      deviations[f] === 0 ? 0 : (slope / (deviations[f] as number)) * mean(columns[f] as number[]),
    );
  });
  return { contributions, explained: explained / total };
}

/** Sparse positive features as of an SAE; features 0 and 1 are constant and always 0. */
function drawFeatures(positions: number, features: number, seed: number): Matrix {
  const random = createRandom(seed);
  const result = matrix(positions, features);
  for (let i = 0; i < result.data.length; i++) {
    const f = i % features;
    if (f === 0) result.data[i] = 0.1;
    else if (f > 1 && random.next() < 0.3) result.data[i] = 0.5 + 2 * random.next();
  }
  return result;
}

describe('attribution', () => {
  test.each([
    [12, 5, 2],
    [37, 9, 3],
    [60, 14, 4],
    [20, 30, 2],
  ])('of %i positions to %i features is plain ridge regression', (positions, features, words) => {
    const x = drawFeatures(positions, features, positions);
    const shift = matrix(positions, words, normals(createRandom(2), positions * words));
    const found = attribute(x, shift);
    const wanted = reference(x, shift);
    expectAllClose(found.contributions.data, wanted.contributions.flat(), 1e-6);
    expectClose(found.explained, wanted.explained, 1e-9);
    expect(found.explained).toBeGreaterThanOrEqual(0);
    expect(found.explained).toBeLessThanOrEqual(1);
  });

  test.each([3, 37, 100, 1000])('gives constant features nothing (%i positions)', (positions) => {
    const random = createRandom(positions);
    const constants = [0.1, 1 / 3, 1e-6, 12345.678, -7.3];
    const x = matrix(positions, constants.length + 1);
    for (let r = 0; r < positions; r++) x.data.set([...constants, random.next()], r * x.columns);
    const shift = matrix(positions, 1, normals(random, positions));
    const found = attribute(x, shift);
    expect(Array.from(found.contributions.data.subarray(0, constants.length))).toEqual(
      constants.map(() => 0),
    );
    const alone = attribute(
      matrix(positions, 1, Float32Array.from(column(x, constants.length))),
      shift,
    );
    expectClose(
      found.contributions.data[constants.length] as number,
      alone.contributions.data[0] as number,
      1e-6,
    );
    expectClose(found.explained, alone.explained, 1e-9);
  });

  test('recovers what the features of a sparse linear model carry', () => {
    const [positions, features] = [3000, 20];
    const x = drawFeatures(positions, features, 9);
    const random = createRandom(10);
    const slopes = new Map([
      [4, 0.02],
      [11, -0.01],
    ]);
    const shift = matrix(positions, 2);
    for (let r = 0; r < positions; r++) {
      let planted = 0.003;
      for (const [f, slope] of slopes) planted += slope * (x.data[r * features + f] as number);
      shift.data.set([planted + 0.002 * random.normal(), 0.002 * random.normal()], r * 2);
    }
    const { contributions } = attribute(x, shift);
    for (let f = 0; f < features; f++) {
      const wanted = (slopes.get(f) ?? 0) * mean(column(x, f));
      expect(Math.abs((contributions.data[f] as number) - wanted)).toBeLessThan(1e-4);
      expect(Math.abs(contributions.data[features + f] as number)).toBeLessThan(1e-4);
    }
  });

  test('explains a noiseless linear model almost wholly, and noise hardly', () => {
    const x = drawFeatures(2000, 10, 12);
    const exact = Float32Array.from(
      column(x, 3),
      (value, r) => value - 2 * (x.data[r * 10 + 7] as number),
    );
    const known = attribute(x, matrix(2000, 1, exact)).explained;
    expect(known).toBeGreaterThan(0.999);
    expect(known).toBeLessThanOrEqual(1);
    const noise = attribute(x, matrix(2000, 1, normals(createRandom(1), 2000))).explained;
    expect(noise).toBeGreaterThanOrEqual(0);
    expect(noise).toBeLessThan(0.02);
  });

  test('explains nothing of shifts that do not vary', () => {
    const x = drawFeatures(50, 6, 14);
    for (const value of [0, 0.1, -3]) {
      const found = attribute(x, matrix(50, 1, new Float32Array(50).fill(value)));
      expect(found.explained).toBe(0);
      for (const carried of found.contributions.data) expect(Math.abs(carried)).toBeLessThan(1e-9);
    }
  });

  test('refuses unequal numbers of positions, and a single one', () => {
    expect(() => attribute(matrix(5, 2), matrix(4, 1))).toThrow(hasCode('shape-mismatch'));
    expect(() => attribute(matrix(1, 2), matrix(1, 1))).toThrow(hasCode('shape-mismatch'));
  });
});
