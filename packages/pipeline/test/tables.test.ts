import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { query, readParquet, writeParquet } from '../src/tables.ts';
import { temporaryFolder } from './temporary-folder.ts';

const columns = { word: 'VARCHAR', score: 'DOUBLE', n: 'INTEGER', flagged: 'BOOLEAN' } as const;
const rows = [
  { word: ' good', score: 0.1, n: 3, flagged: true },
  { word: `it's "é" 😀\n\u0000 %`, score: -1e300, n: -5, flagged: false },
  { word: null, score: null, n: null, flagged: null },
  { word: '', score: 5e-324, n: 2 ** 31 - 1, flagged: true },
];

describe('writeParquet', () => {
  test('gives back every value, in order', async () => {
    const file = join(await temporaryFolder(), 'tables', 'words.parquet');
    await writeParquet({ columns, rows, file });
    expect(await readParquet(file)).toEqual(rows);
  });

  test('writes the same bytes twice, over many row groups', async () => {
    const folder = await temporaryFolder();
    const many = Array.from({ length: 130_000 }, (_, i) => ({ word: `w${i % 997}`, n: i }));
    const files = ['a', 'b'].map((name) => join(folder, `${name}.parquet`));
    for (const file of files) await writeParquet({ columns, rows: many, file });
    const [a, b] = await Promise.all(files.map((file) => readFile(file)));
    expect(a?.equals(b as Buffer)).toBe(true);
    expect(
      await query({ tables: { t: files[0] as string }, sql: 'SELECT count(*) c FROM t' }),
    ).toEqual([{ c: 130_000 }]);
  });

  test('takes quotes, wildcards and spaces in paths and columns as they are', async () => {
    const parent = await temporaryFolder();
    for (const name of [`it's "run"`, 'run[1]', 'r*n', 'run?', 'é 😀', 'a\\b', '{a,b}']) {
      const file = join(parent, name, 'select "x".parquet');
      const odd = `a "b" ' ; drop`;
      await writeParquet({ columns: { [odd]: 'VARCHAR' }, rows: [{ [odd]: name }], file });
      expect(await readParquet(file)).toEqual([{ [odd]: name }]);
    }
    await mkdir(join(parent, 'run1'));
    expect(await readdir(join(parent, 'run[1]'))).toEqual(['select "x".parquet']);
  });

  test('writes a table without rows', async () => {
    const file = join(await temporaryFolder(), 'empty.parquet');
    await writeParquet({ columns, rows: [], file });
    expect(await readParquet(file)).toEqual([]);
  });

  test('loses and bends no value', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'bad.parquet');
    const write = (row: Record<string, string | number | boolean | null>): Promise<void> =>
      writeParquet({ columns, rows: [row], file });
    for (const row of [
      { extra: 1 },
      { n: 1.5 },
      { n: 2 ** 31 },
      { n: '1' },
      { word: 1 },
      { flagged: 0 },
    ]) {
      await expect(write(row as Record<string, number>)).rejects.toMatchObject({
        code: 'shape-mismatch',
      });
    }
    for (const score of [NaN, Infinity]) {
      await expect(write({ score })).rejects.toMatchObject({ code: 'numbers-invalid' });
    }
    expect(await readdir(folder)).toEqual([]);
  });

  test('says which path cannot be written', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    await mkdir(join(folder, 'taken.parquet'));
    for (const name of ['file/x.parquet', 'taken.parquet']) {
      const failure = writeParquet({ columns, rows, file: join(folder, name) });
      await expect(failure).rejects.toMatchObject({ code: 'output-unwritable' });
      await expect(failure).rejects.toThrow(join(folder, name));
    }
    expect((await readdir(folder)).sort()).toEqual(['file', 'taken.parquet']);
  });
});

describe('query', () => {
  test('joins tables and binds parameters', async () => {
    const folder = await temporaryFolder();
    const words = join(folder, 'words.parquet');
    await writeParquet({ columns, rows, file: words });
    const found = await query({
      tables: { words },
      sql: 'SELECT word, sum(n) AS n FROM words WHERE word = $1 OR n < $2 GROUP BY word ORDER BY n',
      parameters: [' good', 0],
    });
    expect(found).toEqual([
      { word: rows[1]?.word, n: -5 },
      { word: ' good', n: 3 },
    ]);
  });

  test('gives integers beyond 2^53 as text', async () => {
    const rowsOf = await query({ tables: {}, sql: 'SELECT 9007199254740993::BIGINT AS big' });
    expect(rowsOf).toEqual([{ big: '9007199254740993' }]);
  });

  test('says which file is no table, and what is wrong with the SQL', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'x.parquet');
    await writeFile(file, 'not parquet at all');
    await expect(readParquet(file)).rejects.toMatchObject({ code: 'run-invalid' });
    await expect(readParquet(join(folder, 'none'))).rejects.toMatchObject({ code: 'run-invalid' });
    await expect(query({ tables: {}, sql: 'SELEC 1' })).rejects.toMatchObject({ code: 'usage' });
  });
});
