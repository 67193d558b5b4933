import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, hashOf } from '../src/canonical-json.ts';

describe('canonicalJson', () => {
  test('sorts keys at every depth and leaves out undefined', () => {
    const value = { b: [{ z: 1, a: null }], a: 'é"', c: undefined };
    expect(canonicalJson(value)).toBe('{"a":"é\\"","b":[{"a":null,"z":1}]}');
  });

  test('gives what JSON holds back, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const expected: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(expected);
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  test('refuses what would hash as something else', () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    for (const bad of [NaN, Infinity, undefined, 1n, () => 1, new Map(), new Set([1]), cycle]) {
      expect(() => canonicalJson({ at: [bad] })).toThrow('$.at[0]');
    }
    expect(() => canonicalJson(new Float32Array(2))).toThrow('Float32Array');
  });

  test('allows the same object twice', () => {
    const shared = { x: 1 };
    expect(canonicalJson([shared, shared])).toBe('[{"x":1},{"x":1}]');
  });
});

describe('hashOf', () => {
  test('is the SHA-256 of the canonical text', () => {
    // printf '{"a":1}' | sha256sum
    expect(hashOf({ a: 1 })).toBe(
      '015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862',
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}
