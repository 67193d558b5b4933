import { expect, jest, test } from '@jest/globals';
import { parquetRows } from '../src/readers/parquet-rows.ts';

test('Parquet without DuckDB is refused with what to install', async () => {
  jest.unstable_mockModule('@duckdb/node-api', () => {
    throw new Error('Cannot find package');
  });
  await expect(parquetRows('rows.parquet').next()).rejects.toMatchObject({
    code: 'dependency-missing',
    message: expect.stringMatching(/npm install @duckdb\/node-api/),
  });
});
