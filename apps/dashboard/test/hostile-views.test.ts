import { cp, mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { featureSchema } from '../src/api/features.ts';
import { apiErrorSchema } from '../src/api/responses.ts';
import { textListSchema, textSchema } from '../src/api/texts.ts';
import { trajectorySchema } from '../src/api/trajectory.ts';
import { startDashboard } from '../src/server/start-dashboard.ts';
import type { Dashboard } from '../src/server/start-dashboard.ts';
import { SITE, evidence, tokenColumns, tokenRows, writeAudit, writeTable } from './write-audit.ts';
import { beginRun, temporaryFolder } from './write-run.ts';

/** An audit that nothing is wrong with, outside the folder that is served. */
let original: string;
let root: string;
let elsewhere: string;
let dashboard: Dashboard;
const errors: unknown[] = [];

beforeAll(async () => {
  root = await temporaryFolder();
  elsewhere = await temporaryFolder();
  const onError = (error: unknown): void => void errors.push(error);
  dashboard = await startDashboard({ folder: root, onError });
  original = await writeAudit(await temporaryFolder(), 'run');
});

afterAll(() => dashboard.close());

async function get(path: string) {
  const response = await fetch(`${dashboard.url}api/runs/${path}`);
  const body: unknown = await response.json();
  const said = apiErrorSchema.safeParse(body).data?.error;
  expect(JSON.stringify(body)).not.toContain(root);
  return { status: response.status, body, said };
}

const FEATURE = `features/${SITE}/1`;
const script = '<script>alert(1)</script>';

/** What is done to a part of a run, by name. */
const harms = {
  'is cut off': (path: string) => truncate(path, 40),
  'is empty': (path: string) => writeFile(path, ''),
  'is no JSON': (path: string) => writeFile(path, '{"a": [1, 2'),
  'is JSON of another kind': (path: string) => writeFile(path, '[{"a": null}, 7]'),
  'is a folder': async (path: string) => {
    await rm(path);
    await mkdir(path);
  },
  'is missing': (path: string) => rm(path),
  'is a link to elsewhere': async (path: string) => {
    await rm(path);
    await writeFile(join(elsewhere, 'secret'), 'secret');
    await symlink(join(elsewhere, 'secret'), path);
  },
};
const all = Object.entries(harms);

/** Gives a run in which one file is harmed. */
let made = 0;
async function harmed(file: string, harm: (path: string) => Promise<unknown>): Promise<string> {
  const id = `harmed-${made++}`;
  await harm(join(await copied(id), file));
  return id;
}

/** The same for every way in which a file can be harmed, at once: runs do not disturb each other. */
const harmedInEveryWay = (
  file: string,
  look: (id: string, name: string) => Promise<void>,
): Promise<unknown> =>
  Promise.all(all.map(async ([name, harm]) => look(await harmed(file, harm), name)));

/** Serves a copy of the original. Gives its folder. */
async function copied(id: string): Promise<string> {
  await cp(original, join(root, id), { recursive: true });
  return join(root, id);
}

describe('texts of a hostile run', () => {
  test('are shown where nothing is wrong', async () => {
    await copied('whole');
    const list = textListSchema.parse((await get('whole/texts')).body);
    expect([list.total, list.tokens]).toEqual([2, 6]);
    expect(textSchema.parse((await get('whole/texts/1')).body).stated).toEqual([null, 2, null]);
    expect((await get('whole/texts/2')).status).toBe(404);
  });

  test('are refused with a reason where their table is broken', async () => {
    await harmedInEveryWay('tables/tokens.parquet', async (id) => {
      for (const path of ['texts', 'texts/0', 'texts?word=a']) {
        const { status, said } = await get(`${id}/${path}`);
        expect([404, 422]).toContain(status);
        expect(said?.message).toMatch(/tokens/);
      }
      expect((await get(`${id}/features`)).status).toBe(200);
      expect((await get(`${id}/${FEATURE}`)).status).toBe(200);
    });
  });

  test('are shown without what was stated where that table is broken', async () => {
    await harmedInEveryWay('tables/words.parquet', async (id) => {
      expect((await get(`${id}/texts`)).status).toBe(200);
      const { status, body } = await get(`${id}/texts/0`);
      expect(status).toBe(200);
      expect(textSchema.parse(body).stated).toEqual([null, null, null]);
    });
  });

  test('are refused with a reason where models.json is broken', async () => {
    await harmedInEveryWay('models.json', async (id) => {
      const { status, said } = await get(`${id}/texts`);
      expect(status).toBe(422);
      expect(said?.message).not.toContain('secret');
      expect((await get(`${id}/features`)).status).toBe(200);
    });
  });

  test.each(['../../../../etc', '/proc/self', '/dev', 'https://example.com/m', '', '\0'])(
    'are refused where the model is said to be at %j',
    async (tuned) => {
      const id = `model-${made++}`;
      await writeFile(
        join(await copied(id), 'models.json'),
        JSON.stringify({ base: tuned, tuned }),
      );
      const { status, said } = await get(`${id}/texts`);
      expect(status).toBe(422);
      expect(said?.message).toBeTruthy();
    },
  );

  test.each([
    ['ids that no tokenizer has', { token: 2 ** 31 - 1 }, 200],
    ['ids below 0', { token: -7 }, 200],
    ['shifts beyond all numbers', { base: -1e308, tuned: 1e308 }, 422],
  ])('with %s do no harm', async (_, change, expected) => {
    const id = `values-${made++}`;
    const folder = await copied(id);
    await writeTable(
      folder,
      'tokens',
      tokenColumns,
      tokenRows.map((row) => ({ ...row, ...change })),
    );
    for (const path of ['texts', 'texts/1']) {
      const { status, body } = await get(`${id}/${path}`);
      expect({ path, status }).toEqual({ path, status: expected });
      if (status === 200) (path === 'texts' ? textListSchema : textSchema).parse(body);
    }
    expect((await get(`${id}/${FEATURE}`)).status).toBe(200);
  });

  test('are not asked for by what is no number', async () => {
    await copied('asked');
    for (const path of ['texts/-1', 'texts/1e3', 'texts/..%2f..', 'texts/99999999999999']) {
      expect({ path, status: (await get(`asked/${path}`)).status }).toEqual({ path, status: 404 });
    }
    for (const query of [
      'limit=0',
      'offset=-1',
      'offset=1e99',
      'sort=no',
      `word=${'x'.repeat(101)}`,
    ]) {
      expect({ query, status: (await get(`asked/texts?${query}`)).status }).toEqual({
        query,
        status: 400,
      });
    }
    expect((await get(`asked/texts?${new URLSearchParams({ word: "' OR 1=1 --" })}`)).status).toBe(
      200,
    );
  });
});

describe('a feature of a hostile run', () => {
  const shown = async (id: string) => {
    const { status, body } = await get(`${id}/${FEATURE}`);
    expect(status).toBe(200);
    return featureSchema.parse(body);
  };

  test('is shown where nothing is wrong, with those near to it and its evidence', async () => {
    await copied('feature');
    const { near, evidence: kept, label } = await shown('feature');
    expect(near?.own).toHaveLength(5);
    expect(near?.base[0]).toMatchObject({ index: 1, label: null });
    expect(near?.large[0]?.cosine).toBeCloseTo(1, 5);
    expect(kept).toMatchObject({ question: 'Is it about films?', calls: [] });
    expect(label).toBeNull();
  });

  const sae = 'stages/sae-tuned-small-L0-0a1b';
  const near = 'features like it';
  const evidenceOf = 'the evidence of its label';
  test.each([
    [`${sae}/cfg.json`, near],
    [`${sae}/sae_weights.safetensors`, near],
    ['stages/sae-base-small-L0-0a1b/sae_weights.safetensors', near],
    ['stages/evidence-0a1b/evidence.json', evidenceOf],
    ['stages/evidence-0a1b/source.json', evidenceOf],
    ['tables/tokens.parquet', undefined],
    ['report.json', 'what the report says of it'],
  ])('is shown, with the reason for what is not, whatever %s is', async (file, gone) => {
    await harmedInEveryWay(file, async (id, name) => {
      const feature = await shown(id);
      const missing = feature.missing.map(({ what }) => what);
      expect({ name, missing }).toEqual({
        name,
        missing: expect.arrayContaining(gone === undefined ? [] : [gone]),
      });
      expect(feature.near === null).toBe(missing.includes(near));
      if (gone === 'what the report says of it') return;
      expect(feature.evidence === null).toBe(missing.includes(evidenceOf));
      // The report still has them.
      expect(feature.histogram).toEqual({ most: 2, counts: [3, 1] });
      expect(feature.examples).toHaveLength(1);
    });
  });

  test('keeps its evidence whatever the record of calls holds', async () => {
    const line = (text: string, input: number) =>
      JSON.stringify({ key: 'k', answer: { text, usage: { input, output: 1 } }, asked: [] });
    for (const text of ['{', '\n\n[]\nnull\n', line(script, 1e308), line('x', -1), '\xff\xfe']) {
      const id = `calls-${made++}`;
      await writeFile(join(await copied(id), 'answers.jsonl'), text, 'latin1');
      expect((await shown(id)).evidence?.windows).toHaveLength(1);
    }
    for (const harm of [harms['is a folder'], harms['is a link to elsewhere']]) {
      const id = `calls-${made++}`;
      const file = join(await copied(id), 'answers.jsonl');
      await writeFile(file, '');
      await harm(file);
      expect((await shown(id)).evidence).toMatchObject({ calls: [] });
    }
  });

  test('is never read through links: stages elsewhere are left out', async () => {
    const target = join(await copied('target'), 'stages');
    for (const path of ['stages', 'stages/evidence-0a1b', 'stages/sae-tuned-small-L0-0a1b']) {
      const id = `link-${made++}`;
      const folder = await copied(id);
      await rm(join(folder, path), { recursive: true });
      await symlink(path === 'stages' ? target : join(target, path.slice(7)), join(folder, path));
      const feature = await shown(id);
      expect([feature.near, feature.evidence]).toEqual([null, null]);
      expect(feature.missing[0]?.why).toMatch('are links to others');
    }
  });

  test('has tokens and labels of any kind as data', async () => {
    const folder = await copied('scripts');
    const tokens = [script, '\u202E', '\0', '😀'.repeat(1000)];
    const window = { tokens, activations: [0, 1e308, -1e308, 5e-324] };
    await writeFile(
      join(folder, 'stages', 'evidence-0a1b', 'evidence.json'),
      JSON.stringify([evidence(`${SITE}/1`, window)]),
    );
    expect((await shown('scripts')).evidence?.windows).toEqual([window]);
  });

  test('is not there under a name that is none', async () => {
    await copied('names');
    for (const name of ['..%2f..%2f1/1', `${SITE}/999999999`, 's/-1', 's/1e3', '__proto__/0']) {
      expect({ name, status: (await get(`names/features/${name}`)).status }).toEqual({
        name,
        status: 404,
      });
    }
  });
});

describe('a hostile trajectory', () => {
  const look = { step: 10, level: 0.01, audit: 'audits/step-10', sentence: script };
  const item = {
    ...{ kind: 'property', name: script, inWords: script, beyond: true, first: 1, half: 1 },
    looks: [{ step: 10, effect: 1e308, low: -1e308, high: 1e308, learned: true, chance: 0 }],
  };
  const trajectory = {
    ...{ schema: 'feedprint-trajectory/1', feedprint: '0', name: 't', base: script, steps: 10 },
    ...{ alpha: 0.05, labelsTell: false, items: [item], alarm: null },
    looks: [{ ...look, difference: null, wordsEffect: null }],
  };
  const write = async (id: string, report: string): Promise<void> => {
    const run = await beginRun(root, id);
    await run.publish('run.json', '{"format":"feedprint-trajectory-run/1"}');
    await run.publish('report.json', report);
    await run.close();
  };

  test('has its words as data', async () => {
    await write('t', JSON.stringify(trajectory));
    const { items, looks } = trajectorySchema.parse((await get('t/trajectory')).body);
    expect([items[0]?.inWords, looks[0]?.sentence]).toEqual([script, script]);
  });

  test('links to no run but one that is served: none elsewhere, none by a link', async () => {
    await beginRun(root, 'other').then((run) => run.close());
    await beginRun(elsewhere, 'run').then((run) => run.close());
    await symlink(join(elsewhere, 'run'), join(root, 'linked'));
    const id = 'pointing';
    for (const [audit, run] of [
      ['../other', 'other'],
      [join(root, 'other'), null],
      ['../linked', null],
      ['..', null],
      ['../../../../../..', null],
      [join(elsewhere, 'run'), null],
    ] as const) {
      const looks = [{ ...trajectory.looks[0], audit }];
      await write(id, JSON.stringify({ ...trajectory, looks }));
      const shown = trajectorySchema.parse((await get(`${id}/trajectory`)).body);
      expect({ audit, run: shown.looks[0]?.run }).toEqual({ audit, run });
    }
  });

  test.each([
    ['{', 422, 'The report of this run is no JSON.'],
    ['', 422, 'The report of this run is no JSON.'],
    ['null', 404, 'The report of this run is not that of a trajectory.'],
    ['{"schema":"other"}', 404, 'The report of this run is not that of a trajectory.'],
    [
      '{"schema":"feedprint-trajectory/1"}',
      422,
      'The report of this trajectory does not fit its format at feedprint.',
    ],
  ])('says what is wrong with a report "%s"', async (text, expected, message) => {
    const id = `t-${made++}`;
    await write(id, text);
    const { status, said } = await get(`${id}/trajectory`);
    expect([status, said?.message]).toEqual([expected, message]);
    expect((await get(id)).status).toBe(200);
  });
});

test('and none of it is a fault of ours', () => {
  expect(errors).toEqual([]);
});
