import { describe, expect, test } from '@jest/globals';
import { openSafetensors } from '../../src/index.ts';
import { safetensorsBytes, temporaryFolder, writeBytes } from '../support/bytes.ts';

const folder = temporaryFolder();
const data = new Uint8Array(16);
const entry = (change: object = {}): object => ({
  dtype: 'F32',
  shape: [2, 2],
  data_offsets: [0, 16],
  ...change,
});
const withEntry = (change: object): Uint8Array => safetensorsBytes({ x: entry(change) }, data);

const cases: readonly (readonly [name: string, bytes: Uint8Array, says: RegExp])[] = [
  ['no bytes', new Uint8Array(0), /0 bytes, fewer than 8/],
  ['seven bytes', new Uint8Array(7), /7 bytes, fewer than 8/],
  [
    'a header of 2^60 bytes',
    safetensorsBytes('{}', data, 2n ** 60n),
    /header says 1152921504606846976 bytes/,
  ],
  ['a header of 2^64 - 1 bytes', safetensorsBytes('{}', data, 2n ** 64n - 1n), /header says/],
  [
    'a header one byte longer than the file',
    safetensorsBytes('{}', new Uint8Array(0), 3n),
    /header says 3 bytes, the file has 2/,
  ],
  ['a header that is not JSON', safetensorsBytes('{"x":', data), /not JSON/],
  ['an empty header', safetensorsBytes('', data), /not JSON/],
  ['a header cut in its middle', safetensorsBytes({ x: entry() }, data, 10n), /not JSON/],
  [
    'a header that is not UTF-8',
    safetensorsBytes(Uint8Array.of(0x7b, 0xff, 0x7d), data),
    /not UTF-8/,
  ],
  [
    'a byte order mark, which would move all data',
    safetensorsBytes(`\ufeff${JSON.stringify({ x: entry() })}`, data),
    /not JSON/,
  ],
  ['a list', safetensorsBytes([1], data), /not a JSON object/],
  ['null', safetensorsBytes('null', data), /not a JSON object/],
  [
    'an entry that is not an object',
    safetensorsBytes({ x: 3 }, data),
    /entry of x is not an object/,
  ],
  [
    'metadata that are no strings',
    safetensorsBytes({ __metadata__: { a: 1 } }),
    /__metadata__ is not a map of strings/,
  ],
  ['no dtype', withEntry({ dtype: undefined }), /x has no dtype/],
  ['an unknown dtype', withEntry({ dtype: 'F4' }), /unknown dtype F4/],
  [
    'a dtype called like a property of objects',
    withEntry({ dtype: '__proto__' }),
    /unknown dtype __proto__/,
  ],
  ['another', withEntry({ dtype: 'constructor' }), /unknown dtype constructor/],
  ['a negative length', withEntry({ shape: [-2, -2] }), /shape of x is not a list of counts/],
  ['a fractional length', withEntry({ shape: [0.5, 8] }), /shape of x/],
  ['lengths beyond exact integers', withEntry({ shape: [2 ** 53, 1] }), /shape of x/],
  ['lengths whose product overflows', withEntry({ shape: [1e15, 1e15, 1e15] }), /needs/],
  [
    'bytes for a shape without elements',
    withEntry({ shape: [...Array<number>(9).fill(1e15), 0] }),
    /needs 0 bytes and has 16/,
  ],
  ['a shape of words', withEntry({ shape: ['2', '2'] }), /shape of x/],
  ['a shape that needs more bytes', withEntry({ shape: [2, 3] }), /needs 24 bytes and has 16/],
  ['a shape that needs fewer bytes', withEntry({ shape: [3] }), /needs 12 bytes and has 16/],
  ['negative offsets', withEntry({ data_offsets: [-16, 0] }), /no pair of offsets/],
  ['fractional offsets', withEntry({ data_offsets: [0.5, 16.5] }), /no pair of offsets/],
  ['one offset', withEntry({ data_offsets: [0] }), /no pair of offsets/],
  ['three offsets', withEntry({ data_offsets: [0, 16, 16] }), /no pair of offsets/],
  ['offsets in the wrong order', withEntry({ data_offsets: [16, 0] }), /bytes 16 to 0/],
  ['data past the end', withEntry({ shape: [2, 3], data_offsets: [0, 24] }), /may be truncated/],
  [
    'data of which the last byte is missing',
    safetensorsBytes({ x: entry() }, data.subarray(1)),
    /may be truncated/,
  ],
  ['a name that comes twice', safetensorsBytes('{"x":{},"x":{}}'), /names x twice/],
  ['text behind its object', safetensorsBytes('{} {}'), /not JSON/],
  ['a comma too many', safetensorsBytes('{"a":{},}'), /not JSON/],
  ['twenty million brackets', safetensorsBytes(`{"x":${'['.repeat(2e7)}`), /nested more deeply/],
  [
    'an entry of millions of numbers',
    safetensorsBytes(`{"x":[${'0,'.repeat(5e6)}0]}`),
    /longer than/,
  ],
  ['a string without an end', safetensorsBytes(`{"x":"${'\\"'.repeat(1e6)}`), /not JSON/],
  [
    'a name that would move the cursor of a terminal',
    safetensorsBytes({ '\u001b[2J': 3 }),
    /entry of \ufffd\[2J is not an object/,
  ],
  [
    'a name of a million letters, which its message cuts',
    safetensorsBytes({ ['x'.repeat(1e6)]: 3 }),
    /: the entry of x{100,400}\.\.\./,
  ],
  [
    'tensors that overlap',
    safetensorsBytes({ x: entry(), y: entry({ shape: [2], data_offsets: [8, 16] }) }, data),
    /x and y overlap/,
  ],
];

describe('openSafetensors', () => {
  test.each(cases)('refuses %s', (_, bytes, says) => {
    const path = writeBytes(folder, 'hostile', bytes);
    const open = (): unknown => openSafetensors(path);
    expect(open).toThrow(says);
    expect(open).toThrow(expect.objectContaining({ code: 'checkpoint-invalid' }));
  });

  test('refuses folders and missing files', () => {
    expect(() => openSafetensors(folder)).toThrow(/cannot be read \(EISDIR\)/);
    expect(() => openSafetensors(`${folder}/none`)).toThrow(/cannot be read \(ENOENT\)/);
  });

  test('reads a tensor called __proto__ without harm', () => {
    const header = `{"__proto__": ${JSON.stringify(entry())}, "__metadata__": {"__proto__": "y"}}`;
    const file = openSafetensors(writeBytes(folder, 'proto', safetensorsBytes(header, data)));
    expect([...file.tensors.keys()]).toEqual(['__proto__']);
    expect(file.readFloats('__proto__').length).toBe(4);
    expect(({} as { dtype?: string }).dtype).toBeUndefined();
    file.close();
  });
});
