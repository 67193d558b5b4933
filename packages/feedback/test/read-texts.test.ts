import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readTexts } from '../src/index.ts';
import { fileOf, inPieces, parquetOf, temporaryFolder } from './files.ts';

const read = (name: string, content: string | Uint8Array) => readTexts(fileOf(name, content));
const utf16 = (text: string, order: 'le' | 'be'): Buffer => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
};

/** (for i in $(seq 40); do echo "{\"text\": \"text $i was a good film\"}"; done) | xz -9 | base64 -w0 */
const xz = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4AWWAHNdAD2IioaUiBPg84ejGe/n2XScZYJ1zbyWyilhXIgcRK1MZopx0tq+LhWcamHmeXrizm1VkeQLhmCvbLXYbPGHZuAd/wsySSbFoLAs8toq20oJgKQezUQg5XV3LouQel2Ael5d+Ykk3lS1+qBsz9lePbZpVAAAAJGfuUkvDaweAAGPAZcLAACcbRE9scRn+wIAAAAABFla',
  'base64',
);

/** (for i in $(seq 40); do echo "{\"text\": \"text $i was a good film\"}"; done) | zstd -19 | base64 -w0 */
const zstandard = Buffer.from(
  'KLUv/QRolQMAUgYTEZA9BmMmIqd7dynY5KG16yvPF2ZdlXRUzk0pJ2VclHVF0hE5N6SckHFB1tVIR+PcjHIyxsVYKqFjCgE70CnhXa3x7bbhj5+Fm98NOimoEWAGu1vf4JkDETQE7xAawr8/y4wVm7b0I0QZNDLUwKYCGR2gYA==',
  'base64',
);
const forty = Array.from({ length: 40 }, (_, i) => `text ${i + 1} was a good film`);

const twoLines = '{"text": "It is good."}\n{"text": "It is bad, é."}\n';
const two = ['It is good.', 'It is bad, é.'];

describe('readTexts', () => {
  test('takes one text per line, blank lines and byte order mark aside, whatever ends the lines', async () => {
    const { file, texts, layout } = await read('a.txt', '\ufefffirst\r\n\r\n  second \n\nthird');
    expect(file).toBe('a.txt');
    expect(texts).toEqual(['first', '  second ', 'third']);
    expect(layout).toBe('txt, a text each');
  });

  test.each([
    ['rows.jsonl', twoLines, 'jsonl'],
    ['rows.JSONL', twoLines.replaceAll('\n', '\r\n'), 'jsonl'],
    ['rows.ndjson', `\n${twoLines}`, 'jsonl'],
    ['rows', twoLines, 'jsonl'],
    ['rows.txt', twoLines, 'jsonl'],
    ['rows.csv', twoLines, 'jsonl'],
    ['rows.json', twoLines, 'jsonl'],
    ['rows.gz', twoLines, 'jsonl'],
    ['rows.jsonl', gzipSync(twoLines), 'jsonl'],
    [
      'rows.gz',
      Buffer.concat([gzipSync(twoLines.slice(0, 30)), gzipSync(twoLines.slice(30))]),
      'jsonl',
    ],
    ['rows.jsonl', utf16(twoLines, 'le'), 'jsonl'],
    ['rows.jsonl', utf16(twoLines, 'be'), 'jsonl'],
    ['rows.jsonl', `\ufeff${twoLines}`, 'jsonl'],
    ['rows.json', '[{"text": "It is good."}, {"text": "It is bad, é."}]', 'json'],
    ['rows.txt', '[\n  {"text": "It is good."},\n  {\n "text": "It is bad, é."}\n]\n', 'json'],
    ['rows.csv', 'id,text\n1,It is good.\n2,"It is bad, é."\n', 'csv'],
    ['rows.csv', 'id;text\r\n1;It is good.\r\n2;It is bad, é.\r\n', 'csv'],
    ['rows.tsv', '\ufeffid\ttext\n1\tIt is good.\n2\tIt is bad, é.', 'tsv'],
    ['rows.txt', 'id\ttext\n1\tIt is good.\n2\tIt is bad, é.', 'tsv'],
  ])('reads %s by its content (%#)', async (name, content, format) => {
    const { texts, layout, skipped } = await read(name, content);
    expect(texts).toEqual(two);
    expect(layout).toBe(`${format}, column text`);
    expect(skipped).toEqual([]);
  });

  test('reads Parquet, whatever the file is called', async () => {
    const sql =
      "SELECT * FROM (VALUES (1, 'It is good.'), (2, 'It is bad, é.'), (3, NULL)) t(id, text)";
    for (const name of ['rows.parquet', "it's [1]*.txt"]) {
      const path = await parquetOf(sql, name.replace("'", "''"));
      const file = join(path, '..', name);
      const { texts, layout, skipped, sha256 } = await readTexts(file);
      expect(texts).toEqual(two);
      expect(layout).toBe('parquet, column text');
      expect(skipped).toEqual([{ reason: 'no text', rows: 1, first: `${file}, row 3` }]);
      expect(sha256).toBe(createHash('sha256').update(readFileSync(file)).digest('hex'));
    }
  });

  test('reads Zstandard as its own tool writes it', async () => {
    expect((await read('rows.jsonl.zst', zstandard)).texts).toEqual(forty);
    expect((await read('rows', Buffer.concat([zstandard, zstandard]))).texts).toEqual([
      ...forty,
      ...forty,
    ]);
    const half = zstandard.subarray(0, 60);
    await expect(read('rows.zst', half)).rejects.toThrow(/not a complete Zstandard file/);
  });

  test('reads xz as its own tool writes it', async () => {
    expect((await read('rows.jsonl.xz', xz)).texts).toEqual(forty);
    expect((await read('rows', Buffer.concat([xz, xz]))).texts).toEqual([...forty, ...forty]);
    expect((await readTexts(fileOf('rows.xz', xz), { limit: 2 })).texts).toHaveLength(2);
    await expect(read('rows.xz', xz.subarray(0, 60))).rejects.toThrow(/not a complete xz file/);
  });

  test('reads the same in pieces of any size', async () => {
    const csv = 'id,text\r\n1,"a ""quoted"", text\r\nof two lines"\r\n\r\n2,é\r\n';
    const files = [
      twoLines,
      `[${twoLines.trim().replace('\n', ',\n')}]`,
      csv,
      gzipSync(csv),
      utf16(csv, 'be'),
      zstandard,
      xz,
    ];
    for (const file of files) {
      const bytes = Buffer.from(file as string);
      const { sha256, texts } = await readTexts('-', { input: inPieces(bytes, bytes.length) });
      expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      for (const size of [1, 2, 3, 7, 64]) {
        expect(await readTexts('-', { input: inPieces(bytes, size) })).toMatchObject({
          sha256,
          texts,
        });
      }
    }
    expect((await read('a.csv', csv)).texts).toEqual(['a "quoted", text\nof two lines', 'é']);
  });

  test('gives back whatever JSON lines, a JSON list and CSV say', async () => {
    const texts = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 8 });
    const input = (content: string) => ({ input: inPieces(Buffer.from(content), 5) });
    await fc.assert(
      fc.asyncProperty(texts, async (given) => {
        const rows = given.map((text) => JSON.stringify({ text, other: [text] }));
        expect((await readTexts('-', input(rows.join('\n')))).texts).toEqual(given);
        expect((await readTexts('-', input(`[${rows.join(', ')}]`))).texts).toEqual(given);
        const cells = given.map((text) => `x${text.replaceAll(/[\0\r]/g, '')}`);
        const table = cells.map((cell) => `"${cell.replaceAll('"', '""')}",1`);
        const csv = await readTexts('-', input(['text,n', ...table].join('\r\n')));
        expect(csv.texts).toEqual(cells);
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  test('takes strings, and another column where there can be no doubt', async () => {
    const layoutOf = async (name: string, content: string) => {
      const { texts, layout } = await read(name, content);
      return [...texts, layout];
    };
    expect(await layoutOf('a.json', '["a", "b"]')).toEqual(['a', 'b', 'json, a text each']);
    expect(await layoutOf('a.jsonl', '"a"\n"b"')).toEqual(['a', 'b', 'jsonl, a text each']);
    expect(await layoutOf('a.txt', '"a"\n"b"')).toEqual(['"a"', '"b"', 'txt, a text each']);
    expect(await layoutOf('a.csv', 'review,label\ngood,1')).toEqual(['good', 'csv, column review']);
    expect(await layoutOf('a.jsonl', '{"prompt": "a"}')).toEqual(['a', 'jsonl, column prompt']);
    expect(await layoutOf('a.jsonl', '{"prompt": "a", "completion": " b"}')).toEqual([
      'a b',
      'jsonl, columns prompt and completion',
    ]);
  });

  test('reads the files of a folder in the order of their names, as one', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'b.jsonl'), '{"text": "b"}');
    writeFileSync(join(folder, 'a.jsonl.gz'), gzipSync('{"text": "a"}'));
    writeFileSync(join(folder, 'README.md'), '# Data');
    mkdirSync(join(folder, 'c.jsonl'));
    const { texts, sha256 } = await readTexts(folder);
    expect(texts).toEqual(['a', 'b']);
    writeFileSync(join(folder, 'b.jsonl'), '{"text":  "b"}');
    expect((await readTexts(folder)).sha256).not.toBe(sha256);
    writeFileSync(join(folder, 'c.csv'), 'text\nc');
    await expect(readTexts(folder)).rejects.toThrow(
      /mixes jsonl \(a\.jsonl\.gz\) and csv \(c\.csv\)/,
    );
    rmSync(join(folder, 'c.csv'));
    writeFileSync(join(folder, 'c.jsonl.bz2'), Buffer.from('425a6839314159265359', 'hex'));
    await expect(readTexts(folder)).rejects.toThrow(/c\.jsonl\.bz2 is compressed with bzip2/);
    await expect(readTexts(temporaryFolder())).rejects.toThrow(/a folder without files that end/);
    const dataset = temporaryFolder();
    mkdirSync(join(dataset, 'data'));
    writeFileSync(join(dataset, 'data', 'a.jsonl'), '{"text": "a"}');
    expect((await readTexts(dataset)).texts).toEqual(['a']);
  });

  test('with a limit reads no more than it needs, and is known by what it read', async () => {
    async function* endless() {
      for (let i = 0; ; i++) yield Buffer.from(`{"text": "text ${i} ${'long '.repeat(100)}"}\n`);
    }
    const { texts, sha256 } = await readTexts('-', { input: endless(), limit: 3 });
    expect(texts).toHaveLength(3);
    const lines = texts.map((text) => `${JSON.stringify(text)}\n`).join('');
    expect(sha256).toBe(createHash('sha256').update(lines).digest('hex'));
    const longer = await readTexts('-', { input: endless(), limit: 4 });
    expect(longer.sha256).not.toBe(sha256);
    const parquet = await parquetOf("SELECT 'text ' || range AS text FROM range(100000)");
    expect((await readTexts(parquet, { limit: 2 })).texts).toEqual(['text 0', 'text 1']);
    const whole = await read('a.jsonl', twoLines);
    expect(await readTexts(fileOf('a.jsonl', twoLines), { limit: 3 })).toEqual(whole);
  });

  test('reads the beginning of a file larger than memory, and says what is wrong with the rest', async () => {
    const path = fileOf('big.jsonl', '{"text":"good film"}\n');
    truncateSync(path, 2 ** 31 + 10);
    expect((await readTexts(path, { limit: 1 })).texts).toEqual(['good film']);
    await expect(readTexts(path)).rejects.toThrow(/big\.jsonl, line 2: zero bytes/);
  });

  test.each([
    ['a.txt', '', /holds no text/],
    ['a.txt', ' \n\r\n', /holds no text/],
    ['a.json', '[]', /holds no text/],
    ['a.jsonl', '"a"\n{"text": "b"}', /line 2: not a string, unlike the rows before/],
    ['a.jsonl', '{"text": "a"}\n{"text": 1}', /line 2: no "text" that is a string/],
    ['a.jsonl', '{"text": "a"}\n{"content": "b"}', /line 2: no "text" that is a string/],
    ['a.jsonl', '{"text": "a"}\n["b"]', /line 2: no "text" that is a string/],
    ['a.jsonl', '["a"]\n["b"]', /line 1: no "text" that is a string/],
    ['a.jsonl', '"a"\n"b', /line 2: not JSON/],
    ['a.jsonl', 'plain words', /line 1: not JSON/],
    ['a.json', 'plain words', /line 1: not JSON/],
    ['a.txt', '{"text": "a}', /line 1: not JSON/],
    [
      'a.json',
      '{\n"text": "a"\n}',
      /one JSON object over several lines; write one object per line/,
    ],
    ['a.json', '[{"text": "a"}\n', /line 1: the JSON list does not end/],
    ['a.json', '[{"text": "a"}\n,]', /line 2: not JSON/],
    ['a.json', '[{"text": "a"}\n]\n[', /line 3: there is something after the end of the JSON list/],
    [
      'a.csv',
      'label,id\n1,2',
      /line 2: it is not clear which column holds the text; there are label, id;/,
    ],
    [
      'a.csv',
      'review,content\na,b',
      /which column holds the text; there are review, content; call the column/,
    ],
    ['a.csv', 'text,label\na', /line 2: 1 cells under a header of 2/],
    ['a.csv', 'text,label\n\n"a,1\nb,2', /line 3: a quote that is never closed/],
    ['a.csv', 'text,label\n"a" b,1', /line 2: text after a closing quote/],
    ['a.csv', 'text,text\na,b', /line 1: two columns called "text"/],
    ['a.txt', Buffer.from([0x61, 0x0a, 0xff]), /line 2: not UTF-8/],
    ['a.txt', utf16('text\ntext', 'le').subarray(2), /line 1: zero bytes/],
    ['a.txt', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), /is UTF-32/],
    ['a.txt', Buffer.concat([utf16('a', 'le'), Buffer.from([0, 0xd8])]), /begins as UTF-16/],
    ['a.txt', gzipSync('a\n').subarray(0, -6), /not a complete gzip file/],
    ['a.parquet', 'text', /called Parquet but is not/],
    ['a.jsonl.xz', Buffer.from('fd377a585a000004', 'hex'), /not a complete xz file/],
    [
      'a.jsonl.bz2',
      Buffer.from('425a6839314159265359', 'hex'),
      /compressed with bzip2; unpack it with bzip2 -d/,
    ],
    ['a.jsonl', Buffer.from('504b0304140000', 'hex'), /a zip archive/],
    ['a.jsonl', gzipSync(`${'\0'.repeat(257)}ustar`), /a tar archive/],
    ['a.jsonl', 'version https://git-lfs.github.com/spec/v1\noid sha256:4d', /a Git LFS pointer/],
    ['a.parquet', gzipSync('PAR1'), /Parquet that was compressed as a whole/],
    ['a.parquet', 'PAR1 and nothing of a table', /cannot be read as Parquet/],
  ])('refuses %s with %j', async (name, content, message) => {
    await expect(read(name, content)).rejects.toMatchObject({
      code: 'texts-invalid',
      message: expect.stringMatching(message),
    });
  });

  test('refuses Parquet from a pipe, and a missing file, by name', async () => {
    const input = inPieces(Buffer.from('PAR1'), 4);
    await expect(readTexts('-', { input })).rejects.toThrow(/standard input is Parquet/);
    await expect(readTexts(join(temporaryFolder(), 'no.txt'))).rejects.toThrow(
      /no\.txt .*\(ENOENT\)/,
    );
  });
});
