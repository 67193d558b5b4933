import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SafetensorsFile } from '../../src/index.ts';
import { countAllocations } from '../support/count-allocations.ts';

const allocations = countAllocations();
// Modules hold the arrays' constructors from when they are loaded.
allocations.start();
const { FeedprintError, openSafetensors } = await import('../../src/index.ts');
const { safetensorsBytes, temporaryFolder, writeBytes } = await import('../support/bytes.ts');

const folder = temporaryFolder();
const DATA = 64;
const floats = ['F32', 'F16', 'BF16', 'F64'];

const integers = fc.oneof(
  { weight: 6, arbitrary: fc.nat({ max: DATA }) },
  fc.constantFrom(2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 63, 1e308, -1, -0, 0.5),
);
const hostileJson = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
  fc.constantFrom('1e400', '-0', '00', '{"__proto__":{"dtype":"F32"}}', '"\\ud800"', 'nul', ''),
  fc.nat({ max: 5000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.nat({ max: 5000 }).map((depth) => '{"a":'.repeat(depth)),
  fc.nat({ max: 5000 }).map((length) => `[${Array<number>(length).fill(1).join(',')}]`),
);
/** Mostly what belongs there, so that many headers fail late or not at all. */
const mostly = (good: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 12, arbitrary: good }, hostileJson);
const json = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  arbitrary.map((value) => JSON.stringify(value));

const dtype = json(fc.constantFrom(...floats, 'F32', 'I32', 'BOOL', 'F4', '__proto__', 'toString'));
const shape = json(fc.array(integers, { maxLength: 4 }));
const offsets = json(fc.array(integers, { minLength: 2, maxLength: 2 }));
/** An entry whose bytes fit its shape. */
const fitting = fc
  .tuple(fc.constantFrom(...floats), fc.nat({ max: 2 }), fc.nat({ max: 2 }), fc.nat({ max: 3 }))
  .map(([type, rows, columns, slot]) => {
    const start = 16 * slot;
    const bytes = rows * columns * (type === 'F64' ? 8 : type === 'F32' ? 4 : 2);
    return `{"dtype":"${type}","shape":[${rows},${columns}],"data_offsets":[${start},${start + bytes}]}`;
  });
const anyEntry = fc
  .tuple(mostly(dtype), mostly(shape), mostly(offsets), fc.constantFrom('', ',"dtype":"F16"'))
  .map(([d, s, o, more]) => `{"dtype":${d},"shape":${s},"data_offsets":${o}${more}}`);
const name = fc.oneof(
  fc.constantFrom('w', 'x', '__proto__', 'constructor', '__metadata__', ''),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const structured = fc
  .array(fc.tuple(json(name), mostly(fc.oneof({ weight: 6, arbitrary: fitting }, anyEntry))), {
    maxLength: 4,
  })
  .map((entries) => `{${entries.map(([key, value]) => `${key}:${value}`).join(',')}}`);

const good = safetensorsBytes(
  {
    __metadata__: { format: 'pt' },
    'layers.0.weight': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
    bias: { dtype: 'F16', shape: [2], data_offsets: [24, 28] },
    ids: { dtype: 'I32', shape: [1], data_offsets: [28, 32] },
    wide: { dtype: 'F64', shape: [4, 1], data_offsets: [32, 64] },
  },
  new Uint8Array(DATA).fill(60),
);
const letter = fc.constantFrom(...Buffer.from('0123456789{}[]",:-.eFIB\\ \u0000'), 255);
const mutations = fc.array(
  fc.record({
    at: fc.nat({ max: good.length - 1 }),
    byte: letter,
    kind: fc.constantFrom('set', 'set', 'insert', 'remove', 'cut'),
  }),
  { minLength: 1, maxLength: 4 },
);
const mutated = mutations.map((list) => {
  const bytes = [...good];
  for (const { at, byte, kind } of list) {
    if (kind === 'set') bytes[at] = byte;
    else if (kind === 'cut') bytes.length = Math.min(bytes.length, at);
    else bytes.splice(at, kind === 'remove' ? 1 : 0, ...(kind === 'insert' ? [byte] : []));
  }
  return Uint8Array.from(bytes);
});
const length = fc.option(
  fc.constantFrom(0n, 1n, 7n, 2n ** 31n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n),
  {
    freq: 12,
    nil: undefined,
  },
);
const written = fc
  .tuple(structured, fc.constantFrom(DATA, DATA, DATA, 40, 0), length)
  .map(([header, data, says]) => safetensorsBytes(header, new Uint8Array(data), says));

describe('10,000 hostile safetensors files', () => {
  afterAll(allocations.stop);
  /** Bytes allocated by `work`. */
  const cost = (work: () => void): number => {
    const before = allocations.bytes();
    work();
    return allocations.bytes() - before;
  };

  test.each([
    ['of a valid file with bytes changed', mutated, 5000, 50],
    ['with entries of any kind', written, 5000, 120],
  ] as const)('%s are refused as such or hold what they say', (_, files, numRuns, least) => {
    let opened = 0;
    let total = 0;
    // The table of halves is made once.
    cost(() => openSafetensors(writeBytes(folder, 'good', good)).readFloats('bias'));
    fc.assert(
      fc.property(files, (bytes) => {
        // Some file systems wait for the disk when a file is written over, none when it is new.
        rmSync(join(folder, 'fuzzed'), { force: true });
        const path = writeBytes(folder, 'fuzzed', bytes);
        let opening = 0;
        const spent = cost(() => {
          try {
            const before = allocations.bytes();
            let file: SafetensorsFile;
            try {
              file = openSafetensors(path);
            } finally {
              opening = allocations.bytes() - before;
            }
            opened++;
            for (const [key, { dtype: type, shape: dims, start, end }] of file.tensors) {
              expect(start).toBeLessThanOrEqual(end);
              expect(end).toBeLessThanOrEqual(bytes.length);
              if (!floats.includes(type)) continue;
              const count = dims.includes(0) ? 0 : dims.reduce((a, b) => a * b, 1);
              expect(file.readFloats(key).length).toBe(count);
            }
            file.close();
          } catch (error) {
            if (!FeedprintError.is(error)) throw error;
            expect(error.message.length).toBeLessThan(1000);
          }
        });
        total += spent;
        // The length's eight bytes and the header's.
        expect(opening).toBeLessThanOrEqual(Math.max(8, bytes.length));
        // Then every tensor as f32, which for 16-bit numbers is twice their size.
        expect(spent).toBeLessThanOrEqual(2 * bytes.length + 8);
      }),
      { seed: 7, numRuns },
    );
    expect(opened).toBeGreaterThan(least);
    expect(total).toBeGreaterThan(numRuns);
  });
});
