import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { chosenConstants } from '@feedprint/probe';
import { z } from 'zod';
import { plantedResultSchema } from '../src/bench/planted/result-schema.ts';
import { repliesResultSchema } from '../src/bench/planted-replies/result-schema.ts';

// UPDATE_SCHEMA=1 writes the files anew.
test.each([
  ['bench-planted', plantedResultSchema],
  ['bench-planted-replies', repliesResultSchema],
])('%s.schema.json is the schema of the result, up to date', (name, result) => {
  const file = new URL(`../${name}.schema.json`, import.meta.url);
  const schema: unknown = z.toJSONSchema(result);
  if (process.env['UPDATE_SCHEMA']) writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(schema);
});

test('the guide quotes every constant that was chosen on development pairs, as the code uses it', () => {
  const guide = readFileSync(new URL('../../../docs/guides/benchmark.md', import.meta.url), 'utf8');
  const rows = [...guide.matchAll(/^\| `([\w-]+ [\w.]+)` \| ([\d.]+) \| (.+) \|$/gm)];
  expect(rows.map(([, name, value, meaning]) => ({ name, value: Number(value), meaning }))).toEqual(
    chosenConstants,
  );
});
