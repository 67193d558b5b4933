import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FeedprintError } from '@feedprint/core';
import { parseNpy } from '../../src/formats/npy.ts';
import { openTensorFile } from '../../src/formats/tensor-file.ts';
import { openZip } from '../../src/formats/zip.ts';
import { createWorkspace, goldenCase, unpacked } from './support/golden.ts';

const workspace = createWorkspace();
afterAll(() => workspace.remove());

function written(bytes: Uint8Array): string {
  const path = workspace.path('params.npz');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

/** The code of the FeedprintError that `read` throws. */
function codeOf(read: () => unknown): string | undefined {
  try {
    read();
  } catch (error) {
    if (FeedprintError.is(error)) return error.code;
  }
  return undefined;
}

const goldenNpz = (name: string): Buffer =>
  unpacked(goldenCase(name).files['params.npz'] as string);
const compressed = goldenNpz('gemma lower case, f2, compressed');
const plain = goldenNpz('gemma-scope-2b-pt-mlp/layer_1/width_10/average_l0_3');

interface NpyParts {
  readonly descr?: string;
  readonly order?: string;
  readonly shape?: string;
  readonly version?: number;
  readonly data?: Uint8Array;
}

function npy({
  descr = '<f4',
  order = 'False',
  shape = '(2,)',
  version = 1,
  data,
}: NpyParts): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`;
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(text.length);
  else length.writeUInt32LE(text.length);
  const magic = Buffer.from([0x93, ...Buffer.from('NUMPY'), version, 0]);
  return Buffer.concat([magic, length, Buffer.from(text), data ?? new Uint8Array(8)]);
}

const floats = (...values: number[]): Uint8Array =>
  new Uint8Array(Float32Array.from(values).buffer);

describe('an npy array', () => {
  test.each([1, 2, 3])('of version %i is read', (version) => {
    const array = parseNpy('a', npy({ version, data: floats(1.5, -2) }));
    expect(array).toEqual({ shape: [2], data: Float32Array.of(1.5, -2) });
  });

  test('in Fortran order becomes row-major', () => {
    const bytes = npy({ order: 'True', shape: '(2, 3)', data: floats(1, 2, 3, 4, 5, 6) });
    expect(parseNpy('a', bytes)).toEqual({
      shape: [2, 3],
      data: Float32Array.of(1, 3, 5, 2, 4, 6),
    });
  });

  test('may be a single number', () => {
    expect(parseNpy('a', npy({ shape: '()', data: floats(7) })).shape).toEqual([]);
  });

  test.each<[string, string, RegExp, Uint8Array]>([
    ['no magic', 'checkpoint-invalid', /not an npy file/, Buffer.from('not an npy file')],
    ['nothing', 'checkpoint-invalid', /not an npy file/, new Uint8Array()],
    ['a cut header', 'checkpoint-invalid', /cut short/, npy({}).subarray(0, 30)],
    ['too little data', 'checkpoint-invalid', /needs 8 bytes, it has 4/, npy({ data: floats(1) })],
    ['too much data', 'checkpoint-invalid', /needs 8 bytes/, npy({ data: floats(1, 2, 3) })],
    ['a huge shape', 'checkpoint-invalid', /needs/, npy({ shape: `(${'9'.repeat(300)},)` })],
    ['a negative shape', 'checkpoint-invalid', /lacks/, npy({ shape: '(-2,)' })],
    ['no shape', 'checkpoint-invalid', /lacks/, npy({ shape: 'None' })],
    ['objects', 'checkpoint-unsupported', /type \|O/, npy({ descr: '|O' })],
    ['big-endian numbers', 'checkpoint-unsupported', /type >f4/, npy({ descr: '>f4' })],
    ['a type named like a property', 'checkpoint-unsupported', /type/, npy({ descr: 'toString' })],
    [
      'three dimensions in Fortran order',
      'checkpoint-unsupported',
      /Fortran/,
      npy({ order: 'True', shape: '(2, 1, 1)' }),
    ],
  ])('with %s is refused as %s', (_, code, message, bytes) => {
    const read = (): unknown => parseNpy('a', bytes);
    expect(read).toThrow(message);
    expect(codeOf(read)).toBe(code);
  });
});

interface Entry {
  readonly name?: string;
  readonly bytes?: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  readonly claimed?: number;
  readonly crc?: number;
  readonly start?: number;
}

/** A zip archive of one entry, with lies where they are asked for. */
function zip({ name = 'a.npy', bytes = npy({}), method = 0, flags = 0, ...lies }: Entry): Buffer {
  const stored = method === 8 ? deflateRawSync(bytes) : Buffer.from(bytes);
  const { claimed = bytes.length, crc = crc32(bytes), start = 0 } = lies;
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(flags, 2);
  fields.writeUInt16LE(method, 4);
  fields.writeUInt32LE(crc, 10);
  fields.writeUInt32LE(stored.length, 14);
  fields.writeUInt32LE(claimed, 18);
  fields.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), stored]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(start, 10);
  const directory = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00'),
    fields,
    rest,
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, directory, Buffer.from('PK\x05\x06'), end]);
}

function readAll(path: string): number {
  const file = openTensorFile(path);
  try {
    return [...file.names].reduce((sum, name) => sum + file.floats(name).length, 0);
  } finally {
    file.close();
  }
}

describe('an npz file', () => {
  test('as numpy writes it, stored or deflated, gives up its arrays', () => {
    const counts = [plain, compressed].map((bytes) => readAll(written(bytes)));
    expect(counts).toEqual([146, 146]);
  });

  test('is read entry by entry', () => {
    for (const method of [0, 8]) {
      const file = openZip(written(zip({ method })));
      expect([...file.names]).toEqual(['a.npy']);
      expect(Buffer.from(file.read('a.npy'))).toEqual(npy({}));
      expect(() => file.read('b.npy')).toThrow(/holds no entry b\.npy/);
      file.close();
    }
  });

  test('may have a comment', () => {
    const bytes = Buffer.concat([zip({}), Buffer.from('PK\x05\x06 a comment')]);
    bytes.writeUInt16LE(14, zip({}).length - 2);
    expect(readAll(written(bytes))).toBe(2);
  });

  test.each<[string, string, RegExp, Buffer]>([
    ['its end missing', 'checkpoint-invalid', /truncated/, plain.subarray(0, plain.length - 1)],
    ['a wrong checksum', 'checkpoint-invalid', /checksum/, zip({ crc: 1 })],
    ['a wrong length', 'checkpoint-invalid', /length/, zip({ claimed: 3 })],
    ['a wrong place', 'checkpoint-invalid', /no header where/, zip({ start: 2 })],
    ['a place past its end', 'checkpoint-invalid', /ends before/, zip({ start: 1 << 30 })],
    [
      'a bomb',
      'checkpoint-invalid',
      /cannot hold the 4000000000 bytes/,
      zip({ method: 8, claimed: 4_000_000_000 }),
    ],
    [
      'more than it claims',
      'checkpoint-invalid',
      /cannot be decompressed to the 5 bytes/,
      zip({ method: 8, claimed: 5 }),
    ],
    ['another compression', 'checkpoint-unsupported', /method 14/, zip({ method: 14 })],
    ['a password', 'checkpoint-unsupported', /encrypted/, zip({ flags: 1 })],
  ])('with %s is refused as %s', (_, code, message, bytes) => {
    const path = written(bytes);
    expect(() => readAll(path)).toThrow(message);
    expect(codeOf(() => readAll(path))).toBe(code);
  });

  test('with any bytes changed or cut gives its arrays or a typed error', () => {
    const damage = fc.record({
      file: fc.constantFrom(plain, compressed),
      at: fc.nat(),
      value: fc.nat(255),
      cut: fc.option(fc.nat(), { freq: 3 }),
    });
    fc.assert(
      fc.property(damage, ({ file, at, value, cut }) => {
        const bytes = Buffer.from(file);
        bytes[at % bytes.length] = value;
        try {
          readAll(written(cut === null ? bytes : bytes.subarray(0, cut % bytes.length)));
        } catch (error) {
          expect(FeedprintError.is(error)).toBe(true);
        }
      }),
      { numRuns: 400, seed: 1 },
    );
  });
});
