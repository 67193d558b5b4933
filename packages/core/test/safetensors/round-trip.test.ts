import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openSafetensors, writeSafetensors } from '../../src/index.ts';
import { safetensorsBytes, temporaryFolder, writeBytes } from '../support/bytes.ts';

const folder = temporaryFolder();
const path = join(folder, 'model.safetensors');

describe('a written file', () => {
  test('gives back every bit of F32 and I32 tensors of any shape and name', () => {
    const tensor = fc
      .tuple(fc.array(fc.nat({ max: 3 }), { maxLength: 3 }), fc.boolean(), fc.nat())
      .map(([shape, isFloat, seed]) => {
        const length = shape.reduce((a, b) => a * b, 1);
        const bits = Int32Array.from({ length }, (_, i) => Math.imul(seed + i, 0x9e3779b9));
        return { shape, data: isFloat ? new Float32Array(bits.buffer) : bits };
      });
    const name = fc.string({ unit: 'grapheme' }).filter((n) => n !== '__metadata__');
    fc.assert(
      fc.property(fc.dictionary(name, tensor, { maxKeys: 5 }), (tensors) => {
        writeSafetensors(path, tensors, { format: 'pt' });
        const file = openSafetensors(path);
        expect([...file.tensors.keys()].sort()).toEqual(Object.keys(tensors).sort());
        expect(file.metadata).toEqual({ format: 'pt' });
        for (const [key, { shape, data }] of Object.entries(tensors)) {
          const read = data instanceof Int32Array ? file.readInts(key) : file.readFloats(key);
          expect(Buffer.from(read.buffer).equals(Buffer.from(data.buffer))).toBe(true);
          expect(file.tensors.get(key)?.shape).toEqual(shape);
        }
        file.close();
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  test('is the same for the same tensors, and aligned to 8 bytes', () => {
    const write = (name: string): Buffer => {
      writeSafetensors(join(folder, name), { é: { shape: [2], data: Float32Array.of(1, 2) } });
      return readFileSync(join(folder, name));
    };
    expect(write('a').equals(write('b'))).toBe(true);
    expect(Number(write('a').readBigUInt64LE()) % 8).toBe(0);
  });

  test('keeps tensors called as properties of objects are', () => {
    const entries = ['__proto__', 'constructor', 'toString', '7'].map(
      (name, i) => [name, { shape: [1], data: Float32Array.of(i) }] as const,
    );
    writeSafetensors(path, Object.fromEntries(entries));
    const file = openSafetensors(path);
    entries.forEach(([name], i) => expect([...file.readFloats(name)]).toEqual([i]));
    expect(file.tensors.size).toBe(4);
    file.close();
  });

  test('holds views by their own part of the buffer', () => {
    const data = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    writeSafetensors(path, { x: { shape: [2], data } });
    const file = openSafetensors(path);
    expect([...file.readFloats('x')]).toEqual([2, 3]);
    file.close();
  });

  test('is not begun with data that do not fill their shape, or a name that the format needs', () => {
    const data = new Float32Array(3);
    const target = join(folder, 'never.safetensors');
    expect(() => writeSafetensors(target, { x: { shape: [2, 2], data } })).toThrow(
      /x of shape \[2, 2\]/,
    );
    expect(() => writeSafetensors(target, { __metadata__: { shape: [3], data } })).toThrow(
      /__metadata__/,
    );
    expect(() => readFileSync(target)).toThrow(/ENOENT/);
  });
});

describe('reading', () => {
  const opened = (dtype: string, bytes: Uint8Array, count: number) =>
    openSafetensors(
      writeBytes(
        folder,
        'typed',
        safetensorsBytes({ x: { dtype, shape: [count], data_offsets: [0, bytes.length] } }, bytes),
      ),
    );
  const floats = (dtype: string, array: Uint16Array | Float64Array): number[] => {
    const file = opened(dtype, new Uint8Array(array.buffer), array.length);
    const read = [...file.readFloats('x')];
    file.close();
    return read;
  };

  test('decodes halves: normal, subnormal, zero of either sign, infinite, NaN', () => {
    const bits = Uint16Array.of(
      0x3c00,
      0xc000,
      0x7bff,
      0x0400,
      0x03ff,
      0x0001,
      0x8001,
      0,
      0x8000,
      0x7c00,
      0xfc00,
      0x7e00,
      0x3555,
    );
    expect(floats('F16', bits)).toEqual([
      1,
      -2,
      65504,
      2 ** -14,
      1023 * 2 ** -24,
      2 ** -24,
      -(2 ** -24),
      0,
      -0,
      Infinity,
      -Infinity,
      NaN,
      0.333251953125,
    ]);
  });

  test('decodes bfloat16: normal, subnormal, zero of either sign, infinite, NaN', () => {
    const bits = Uint16Array.of(
      0x3f80,
      0xc000,
      0x0080,
      0x0001,
      0x8001,
      0x8000,
      0x7f80,
      0xff80,
      0x7fc0,
      0x3eab,
    );
    expect(floats('BF16', bits)).toEqual([
      1,
      -2,
      2 ** -126,
      2 ** -133,
      -(2 ** -133),
      -0,
      Infinity,
      -Infinity,
      NaN,
      0.333984375,
    ]);
  });

  test('rounds f64 to f32', () => {
    expect(floats('F64', Float64Array.of(1 / 3, 1e-45, 1e300, -0))).toEqual([
      Math.fround(1 / 3),
      Math.fround(1e-45),
      Infinity,
      -0,
    ]);
  });

  test('gives a range of a tensor, and nothing beyond it', () => {
    writeSafetensors(path, {
      a: { shape: [4], data: Float32Array.of(1, 2, 3, 4) },
      b: { shape: [1], data: Float32Array.of(9) },
    });
    const file = openSafetensors(path);
    expect([...file.readFloatRange('a', 1, 3)]).toEqual([2, 3]);
    expect([...file.readFloatRange('a', 4, 4)]).toEqual([]);
    for (const [start, end] of [
      [3, 5],
      [-1, 1],
      [3, 2],
      [NaN, 2],
    ] as const) {
      expect(() => file.readFloatRange('a', start, end)).toThrow(/a has 4 elements/);
    }
    file.close();
  });

  test('of a missing tensor, or one of another type, names it', () => {
    writeSafetensors(path, { a: { shape: [1], data: Int32Array.of(1) } });
    const file = openSafetensors(path);
    expect(() => file.readFloats('b')).toThrow(/holds no tensor b/);
    expect(() => file.readFloats('a')).toThrow(/a is I32, not F32/);
    expect(() => file.readFloatRange('a', 0, 1)).toThrow(/a is I32/);
    file.close();
  });

  test('of a file cut short after it was opened gives an error, not zeros', () => {
    writeSafetensors(path, { a: { shape: [4], data: Float32Array.of(1, 2, 3, 4) } });
    const file = openSafetensors(path);
    truncateSync(path, readFileSync(path).length - 4);
    expect(() => file.readFloats('a')).toThrow(/became shorter/);
    file.close();
    file.close();
  });
});

describe('a tensor of halves', () => {
  const data = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x3555, 0x8000);

  test('is read as the numbers that they are, whole and in parts', () => {
    writeSafetensors(path, { x: { shape: [2, 3], data } });
    const file = openSafetensors(path);
    const numbers = [1, -2, 2 ** -24, 65_504, 1365 / 4096, -0];
    expect(file.tensors.get('x')).toMatchObject({ dtype: 'F16', shape: [2, 3] });
    expect([...file.readFloats('x')]).toEqual(numbers);
    expect([...file.readFloatRange('x', 1, 4)]).toEqual(numbers.slice(1, 4));
    expect(() => file.readFloatRange('x', 5, 7)).toThrow(/has 6 elements, not 5 to 7/);
    file.close();
  });
});
