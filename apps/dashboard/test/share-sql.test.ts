import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { query, writeParquet } from '@feedprint/pipeline';
import { shareSql } from '../src/server/audits/share-sql.ts';
import { temporaryFolder } from './write-run.ts';

test('the share of an intervention is what it does of what the whole does, whatever it is called', async () => {
  const name = "direction of o'neil'; DROP TABLE interventions; --";
  const file = join(await temporaryFolder(), 'interventions.parquet');
  const rows = [
    ['none', 1, 2],
    ['blocks.1.hook_resid_post: all', 5, 6],
    [name, 2, 3],
  ].flatMap(([intervention, tuned, base]) =>
    Object.entries({ tuned, base }).flatMap(([model, mean]) => [
      // Unequal positions: the mean is over tokens, not over texts.
      { intervention, model, text: 0, positions: 3, expected: 3 * Number(mean), kl: 0 },
      { intervention, model, text: 1, positions: 1, expected: Number(mean), kl: 0 },
    ]),
  );
  await writeParquet({
    file,
    rows: rows as never,
    columns: {
      ...{ intervention: 'VARCHAR', model: 'VARCHAR', text: 'INTEGER' },
      ...{ positions: 'INTEGER', expected: 'DOUBLE', kl: 'DOUBLE' },
    },
  });
  for (const model of ['tuned', 'base'] as const) {
    const sql = shareSql({ name, last: 'blocks.1.hook_resid_post', model });
    const [row] = await query({
      tables: { interventions: file },
      sql: sql.replace("'tables/interventions.parquet'", 'interventions'),
    });
    expect(row?.['value']).toBeCloseTo(1 / 4, 12);
  }
});
