import { appendFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeParquet } from '@feedprint/pipeline';
import { apiErrorSchema, runListSchema } from '../src/api/responses.ts';
import { featureListSchema } from '../src/api/features.ts';
import { toCsv } from '../src/server/features/to-csv.ts';
import { startDashboard } from '../src/server/start-dashboard.ts';
import type { Dashboard } from '../src/server/start-dashboard.ts';
import { beginRun, temporaryFolder } from './write-run.ts';

let root: string;
let dashboard: Dashboard;
const errors: unknown[] = [];

beforeAll(async () => {
  root = await temporaryFolder();
  const onError = (error: unknown): void => void errors.push(error);
  dashboard = await startDashboard({ folder: root, pollMilliseconds: 20, onError });
});

afterAll(() => dashboard.close());

async function get(path: string) {
  const response = await fetch(`${dashboard.url}api/runs/${path}`);
  const text = await response.text();
  return { status: response.status, text, said: apiErrorSchema.safeParse(parse(text)).data };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A run with the tables of a feature. */
async function withFeatures(id: string, label: string): Promise<string> {
  await (await beginRun(root, id)).close();
  const tables = join(root, id, 'tables');
  const write = (
    name: string,
    columns: Record<string, 'VARCHAR' | 'DOUBLE' | 'INTEGER' | 'BOOLEAN'>,
    row: Record<string, string | number | boolean | null>,
  ) => writeParquet({ file: join(tables, `${name}.parquet`), columns, rows: [row] });
  const sae = { model: 'VARCHAR', site: 'VARCHAR', dSae: 'INTEGER' } as const;
  const place = { model: 'tuned', site: 's', dSae: 4 };
  await write('saes', sae, place);
  await write(
    'sae_features',
    { ...sae, feature: 'INTEGER', density: 'DOUBLE' },
    { ...place, feature: 3, density: 0.5 },
  );
  await write(
    'matches',
    { site: 'VARCHAR', feature: 'INTEGER', large: 'DOUBLE', base: 'DOUBLE' },
    { site: 's', feature: 3, large: 0.9, base: 0.8 },
  );
  await write(
    'features',
    {
      site: 'VARCHAR',
      index: 'INTEGER',
      label: 'VARCHAR',
      labelScore: 'DOUBLE',
      related: 'BOOLEAN',
      carries: 'DOUBLE',
      ablationEffect: 'DOUBLE',
    },
    {
      site: 's',
      index: 3,
      label,
      labelScore: 0.7,
      related: true,
      carries: 0.1,
      ablationEffect: null,
    },
  );
  return tables;
}

describe('a hostile run folder', () => {
  test('has its labels sent as data, and searched by value alone', async () => {
    const label = `"><script>alert(1)</script>' OR 1=1 --`;
    await withFeatures('labels', label);
    const { status, text } = await get('labels/features');
    expect(status).toBe(200);
    expect(featureListSchema.parse(JSON.parse(text)).features[0]?.label).toBe(label);
    const found = async (search: string): Promise<number> => {
      const { text: list } = await get(`labels/features?${new URLSearchParams({ search })}`);
      return featureListSchema.parse(JSON.parse(list)).total;
    };
    expect(await found("' OR 1=1 --")).toBe(1);
    expect(await found("' OR '1'='1")).toBe(0);
    expect((await get('labels/features?sort=density;DROP')).status).toBe(400);
  });

  test('with a truncated table is refused in words that name no place of this machine', async () => {
    const tables = await withFeatures('truncated', 'x');
    await writeFile(join(tables, 'features.parquet'), 'PAR1 and no more');
    const { status, said } = await get('truncated/features');
    expect(status).toBe(422);
    expect(said?.error.code).toBe('run-invalid');
    expect(said?.error.message).not.toContain(root);
  });

  test('cannot have tables elsewhere read', async () => {
    const elsewhere = await temporaryFolder();
    await writeFile(join(elsewhere, 'words.parquet'), 'secret');
    await (await beginRun(root, 'links')).close();
    await symlink(elsewhere, join(root, 'links', 'tables'));
    expect((await get('links/tables/words.parquet')).status).toBe(404);
    await (await beginRun(root, 'link')).close();
    await mkdir(join(root, 'link', 'tables'));
    await symlink(join(elsewhere, 'words.parquet'), join(root, 'link', 'tables', 'words.parquet'));
    expect((await get('link/tables/words.parquet')).status).toBe(404);
    expect((await get('link/tables/..%2f..%2fwords.parquet')).status).toBe(404);
  });

  test('with a report that is none says so', async () => {
    const run = await beginRun(root, 'report');
    for (const text of ['{', '[]', '{"answer":{"sentence":7}}', 'null']) {
      await run.publish('report.json', text);
      const { status, said } = await get('report/audit');
      expect({ text, status }).toEqual({ text, status: 422 });
      expect(said?.error.message).not.toContain(root);
      expect((await get('report')).status).toBe(200);
    }
    await run.close();
  });

  test('with an event that has no end is read up to it', async () => {
    await (await beginRun(root, 'huge')).close();
    await appendFile(
      join(root, 'huge', 'events.jsonl'),
      `{"type":"finding","text":"${'x'.repeat(1 << 21)}`,
    );
    expect((await get('huge')).status).toBe(200);
    const list = runListSchema.parse(await (await fetch(`${dashboard.url}api/runs`)).json());
    expect(list.runs.map(({ id }) => id)).toContain('huge');
  });

  test('and none of it is a fault of ours', () => {
    expect(errors).toEqual([]);
  });
});

describe('runs at any depth', () => {
  test('have their path as a name; what runs keep in themselves is no run', async () => {
    await (await beginRun(root, 'a/b/deep')).close();
    await (await beginRun(root, 'a/b/deep/stages/inner')).close();
    const list = runListSchema.parse(await (await fetch(`${dashboard.url}api/runs`)).json());
    const ids = list.runs.map(({ id }) => id).filter((id) => id.startsWith('a/'));
    expect(ids).toEqual(['a/b/deep']);
    expect((await get('a%2Fb%2Fdeep')).status).toBe(200);
  });
});

describe('toCsv', () => {
  test('quotes what needs it, and writes no formula', () => {
    const rows = [
      { name: 'a "b", c', value: -1.5, known: true },
      { name: '=HYPERLINK("x")', value: null, known: false },
    ];
    expect(toCsv(rows)).toBe(
      'name,value,known\r\n"a ""b"", c",-1.5,true\r\n"\'=HYPERLINK(""x"")",,false\r\n',
    );
  });
});
