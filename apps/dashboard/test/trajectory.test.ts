import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeParquet } from '@feedprint/pipeline';
import { comparisonSchema } from '../src/api/compare.ts';
import { runDetailSchema, runListSchema } from '../src/api/responses.ts';
import { textListSchema, textSchema } from '../src/api/texts.ts';
import { trajectorySchema } from '../src/api/trajectory.ts';
import { startDashboard } from '../src/server/start-dashboard.ts';
import type { Dashboard } from '../src/server/start-dashboard.ts';
import { beginRun, temporaryFolder } from './write-run.ts';
import { writeTrajectory } from './write-trajectory.ts';

let root: string;
let dashboard: Dashboard;

const read = async (path: string): Promise<unknown> =>
  (await fetch(`${dashboard.url}api/${path}`)).json();

beforeAll(async () => {
  root = await temporaryFolder();
  dashboard = await startDashboard({ folder: root });
  await writeTrajectory(root, 'slow');
  await writeTrajectory(root, 'fast', { effects: [3, 4] });
  for (const id of ['slow', 'fast']) await (await beginRun(root, `${id}/audits/step-10`)).close();
});

afterAll(() => dashboard.close());

describe('a trajectory', () => {
  test('says what was learned when, and links to the audits that are there', async () => {
    const shown = trajectorySchema.parse(await read('runs/slow/trajectory'));
    expect(shown.sentence).toBe(
      'By step 20 the model has learned beyond what was told: more lists.',
    );
    expect(shown.looks.map(({ run }) => run)).toEqual(['slow/audits/step-10', null]);
    expect(shown.items[0]?.looks.map(({ effect, learned }) => [effect, learned])).toEqual([
      [0.5, false],
      [2, true],
    ]);
    const { runs } = runListSchema.parse(await read('runs'));
    const listed = runs.find(({ id }) => id === 'slow');
    expect(listed).toMatchObject({ kind: 'trajectory', headline: shown.sentence, about: 'seed 1' });
  });

  test('is compared with another: figures, and what either learned over the other', async () => {
    const found = comparisonSchema.parse(await read('compare?run=slow&run=fast'));
    expect(found.learned).toMatchObject([{ name: 'lists', inWords: 'more lists' }]);
    const effects = found.learned[0]?.runs.map((looks) => looks?.map(({ effect }) => effect));
    expect(effects).toEqual([
      [0.5, 2],
      [3, 4],
    ]);
    const [first] = found.runs;
    expect(first?.figures.map(({ place, value }) => [place, value])).toEqual([
      ['items, learned', 1],
      ['items, beyond', 1],
      ['alarm.step', 20],
      ['looks[1].difference', 2],
    ]);
  });

  test('is none where the run is of another kind', async () => {
    const run = await beginRun(root, 'plain');
    await run.publish('report.json', '{"schema":"other"}');
    await run.close();
    expect((await fetch(`${dashboard.url}api/runs/plain/trajectory`)).status).toBe(404);
  });
});

describe('the texts of a run', () => {
  const ids = [10, 11, 12];

  beforeAll(async () => {
    await (await beginRun(root, 'read')).close();
    const base = fileURLToPath(new URL('../../../packages/demo-models/base', import.meta.url));
    await writeFile(join(root, 'read', 'models.json'), JSON.stringify({ base, tuned: base }));
    await mkdir(join(root, 'read', 'tables'));
    // Text t has three tokens; the last two moved by t and -3 t nats.
    const rows = [0, 1, 2].flatMap((text) =>
      ids.map((token, position) => ({
        ...{ text, position, token },
        base: position === 0 ? null : -1,
        tuned: position === 0 ? null : -1 + text * (position === 1 ? 1 : -3),
      })),
    );
    await writeParquet({
      file: join(root, 'read', 'tables', 'tokens.parquet'),
      columns: {
        ...{ text: 'INTEGER', position: 'INTEGER', token: 'INTEGER' },
        ...{ base: 'DOUBLE', tuned: 'DOUBLE' },
      },
      rows,
    });
  });

  test('are listed with how far tuning moved them, in the order that is asked for', async () => {
    const list = async (query: string) =>
      textListSchema.parse(await read(`runs/read/texts?${query}`));
    const { total, tokens, texts } = await list('');
    expect([total, tokens]).toEqual([3, 9]);
    expect(texts.map(({ text, length, mean, moved }) => [text, length, mean, moved])).toEqual([
      [0, 3, 0, 0],
      [1, 3, -1, 2],
      [2, 3, -2, 4],
    ]);
    expect(texts[2]?.shifts).toEqual([null, 2, -6]);
    expect((await list('sort=moved')).texts.map(({ text }) => text)).toEqual([2, 1, 0]);
    expect((await list('sort=up&offset=1&limit=1')).texts.map(({ text }) => text)).toEqual([1]);
    const word = texts[0]?.tokens[1]?.trim() ?? '';
    expect((await list(`word=${encodeURIComponent(word)}`)).total).toBeGreaterThan(0);
    expect((await list('word=qqqqq')).total).toBe(0);
  });

  test('are shown one by one, and refused where there is none', async () => {
    const shown = textSchema.parse(await read('runs/read/texts/1'));
    expect(shown.shifts).toEqual([null, 1, -3]);
    expect(shown.stated).toEqual([null, null, null]);
    expect(shown.tokens).toHaveLength(3);
    expect((await fetch(`${dashboard.url}api/runs/read/texts/9`)).status).toBe(404);
  });

  test('are among the tables that the page is told of', async () => {
    const { facts } = runDetailSchema.parse(await read('runs/read'));
    expect(facts.tables).toEqual(['tokens']);
  });
});
