import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readTexts } from '../../src/texts/read-texts.ts';
import { temporaryFolder } from '../temporary-folder.ts';

async function read(name: string, content: string | Uint8Array) {
  const file = join(await temporaryFolder(), name);
  await writeFile(file, content);
  return readTexts(file);
}

describe('readTexts', () => {
  test('takes one text per line, blank lines and byte order mark aside, whatever ends the lines', async () => {
    const { file, texts } = await read('a.txt', '\ufefffirst\r\n\r\n  second \n\nthird');
    expect(file).toBe('a.txt');
    expect(texts).toEqual(['first', '  second ', 'third']);
  });

  test('takes objects with a text and plain strings from .jsonl, other keys ignored', async () => {
    const { texts } = await read('a.jsonl', '{"id": 1, "text": "one\\ntwo"}\r\n\n"three"\n');
    expect(texts).toEqual(['one\ntwo', 'three']);
  });

  test('reads gzipped files as plain ones, and tells files of different bytes apart', async () => {
    const plain = await read('a.jsonl', '"x"\n');
    const zipped = await read('a.jsonl.gz', gzipSync('"x"\n'));
    expect(zipped.texts).toEqual(plain.texts);
    expect(zipped.sha256).not.toBe(plain.sha256);
    expect(plain.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('gives back whatever JSON lines say', async () => {
    const texts = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(texts, async (given) => {
        const content = given.map((text) => `${JSON.stringify({ text })}\n`).join('');
        expect((await read('a.jsonl', content)).texts).toEqual(given);
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  test.each([
    ['a.txt', '', /holds no text/],
    ['a.txt', ' \n\r\n', /holds no text/],
    ['a.jsonl', '"a"\n{"text": 1}', /line 2: no "text" that is a string/],
    ['a.jsonl', '"a"\nnull', /line 2: no "text" that is a string/],
    ['a.jsonl', '"a"\n\n["b"]', /line 3: no "text" that is a string/],
    ['a.jsonl', '"a"\n"b', /line 2: not JSON/],
    ['a.txt', Buffer.from([0x61, 0x0a, 0xff]), /line 2: not UTF-8/],
    ['a.txt.gz', Buffer.from('plain'), /not a whole gzip file/],
    ['a.txt.gz', gzipSync('a\n').subarray(0, -6), /not a whole gzip file/],
  ])('refuses %s with %j', async (name, content, message) => {
    await expect(read(name, content)).rejects.toMatchObject({
      code: 'texts-invalid',
      message: expect.stringMatching(message),
    });
  });

  test('refuses a folder and a missing file by name', async () => {
    const folder = await temporaryFolder();
    await expect(readTexts(folder)).rejects.toThrow(/cannot be read \(EISDIR\)/);
    await expect(readTexts(join(folder, 'no.txt'))).rejects.toThrow(/no\.txt .*\(ENOENT\)/);
  });
});
