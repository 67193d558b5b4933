import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exchangeParameters, loadModel, parameterGroups } from '@feedprint/activations';
import type { Labeler, LanguageModel } from '@feedprint/core';
import { createVaderSignal } from '@feedprint/feedback';
import { createAuditStatistics } from '@feedprint/probe';
import { defaultParts } from '../../../src/audit/defaults/default-parts.ts';
import { location } from '../../../src/audit/location/index.ts';
import { placesToExchange } from '../../../src/audit/location/places.ts';
import { drawTexts } from '../../../src/audit/draw-texts.ts';
import { withAudit } from '../../../src/audit/open-audit.ts';
import type { AuditParts } from '../../../src/audit/parts.ts';
import { neededBy } from '../../../src/audit/tell-findings.ts';
import { parseAuditSettings } from '../../../src/audit/settings.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { createFakeParts } from '../support/fake-parts.ts';

/*
 * Pairs of which one part was changed alone: the embedded base, and the same with one part of the model that was tuned from it.
 */

const demo = (name: string): string =>
  fileURLToPath(new URL(`../../../../../packages/demo-models/${name}`, import.meta.url));

let base: LanguageModel;
let tuned: LanguageModel;
let texts: string;

beforeAll(async () => {
  base = await loadModel(demo('base'), { threads: 1 });
  tuned = await loadModel(demo('tuned-planted'), { threads: 1 });
  texts = join(await temporaryFolder(), 'texts.txt');
  const lines = [
    'a good film with a great cast',
    'the plot was bad and the end awful',
    'a nice and happy story',
  ];
  await writeFile(
    texts,
    Array.from({ length: 12 }, (_, i) => `${lines[i % 3]} in part ${i}`).join('\n'),
  );
});
afterAll(async () => Promise.all([base, tuned].map((model) => model.dispose())));

/** What the finding reports of the base and a model made of it. */
async function locate(other: LanguageModel, changes: Partial<AuditParts> = {}) {
  const undisposed = (model: LanguageModel): LanguageModel => ({
    ...model,
    fingerprint: model.fingerprint,
    dispose: () => Promise.resolve(),
  });
  const options = {
    ...{ base: 'base', tuned: 'tuned', texts, question: '?', version: '1.2.3' },
    out: join(await temporaryFolder(), 'run'),
    parts: {
      ...defaultParts({
        signal: createVaderSignal(),
        labeler: createFakeParts().labeler as Labeler,
      }),
      loadModel: (_: string, role: string) =>
        Promise.resolve(undisposed(role === 'base' ? base : other)),
      ...changes,
    },
    settings: { layers: 1, locationTokens: 100, triples: 1 },
  };
  return withAudit(options, neededBy([location]), async ({ context, run }) => {
    await run.finish();
    const job = { context, needs: await run.outputs(location.needs) };
    const { location: found } = await location.report(job);
    if (!found) throw new Error('nothing was located');
    return { found, tables: (await location.tables?.(job, { location: found })) ?? [] };
  });
}

/** The base with one part of the tuned model. */
function planted(component: string, layer?: number): LanguageModel {
  const group = parameterGroups(base).find(
    (one) => one.component === component && one.layer === layer,
  );
  const made = exchangeParameters(base, tuned, (name) => group?.names.includes(name) ?? false);
  return made as LanguageModel;
}

describe('of a pair in which one part was changed', () => {
  test.each([
    ['unembedding', undefined, ['unembedding']],
    ['mlp', 3, ['block 3', 'block 3 MLP', 'all MLPs', 'all blocks']],
  ] as const)(
    '%s %s holds all of the shift, and the rest none',
    async (component, layer, holders) => {
      const { found } = await locate(planted(component, layer));
      expect(found.state).toBe('located');
      expect(found.places).toHaveLength(1 + 3 * 4 + 2 + 4);
      for (const { place, restored, transplanted } of found.places) {
        const share = (holders as readonly string[]).includes(place) ? 1 : 0;
        for (const { slope, expected } of [restored, transplanted]) {
          expect([place, slope.value]).toEqual([place, share]);
          expect(slope.interval).toMatchObject({ low: share, high: share });
          if (expected.value !== null) expect(expected.value).toBe(share);
        }
      }
    },
  );

  test('goes through the site that it was changed at, in both directions', async () => {
    const { found } = await locate(planted('mlp', 3));
    const through = found.sites?.sites[0];
    expect(through).toBe('blocks.3.hook_mlp_out');
    // Block 3 is the last, and its attention reads what its MLP does not change.
    expect(found.sites?.restored.slope.value).toBeCloseTo(1, 3);
    expect(found.sites?.transplanted.slope.value).toBeCloseTo(1, 3);
    const below = await locate(planted('unembedding'));
    expect(below.found.sites?.restored.slope.value).toBeCloseTo(0, 3);
    expect(below.found.unembedding?.words).toBeGreaterThan(5);
    expect(below.found.unembedding?.correlation).toBeGreaterThan(0.3);
    const [first] = below.found.unembedding?.raised ?? [];
    expect(first?.effect).toBeGreaterThan(0);
  });
});

describe('of the tuned model', () => {
  test('adds up in pairs: what a part undoes is what the others alone do not give', async () => {
    const { found, tables } = await locate(tuned);
    const share = (place: string, way: 'restored' | 'transplanted'): number =>
      found.places.find((one) => one.place === place)?.[way].slope.value ?? NaN;
    const rest = 1 - share('unembedding', 'restored');
    // The embedding and the final norm hold next to nothing.
    expect(share('all blocks', 'transplanted')).toBeGreaterThan(rest - 0.1);
    expect(share('all blocks', 'transplanted')).toBeLessThan(rest + 0.1);
    expect(share('unembedding', 'restored')).toBeGreaterThan(0.5);
    const [perText, perWord, rows] = tables.map((table) => [...table.rows].length);
    const runs = 2 + 2 * (found.places.length + 1);
    expect(perText).toBe(runs * found.texts);
    expect((perWord ?? NaN) % runs).toBe(0);
    expect(rows).toBe(base.info.vocabularySize);
  });

  test('is not looked for where there is no shift', async () => {
    const still = { value: 0, interval: { low: -1, high: 1 }, found: false };
    const statistics = { ...createAuditStatistics(), shift: () => still };
    const { found, tables } = await locate(tuned, { statistics });
    expect(found).toMatchObject({ state: 'no-shift', places: [], sites: null, unembedding: null });
    expect(tables.map((table) => [...table.rows].length)[2]).toBe(0);
  });

  test('cannot be found out where parameters cannot be exchanged', async () => {
    const part = { name: 'none', settings: {}, groups: () => [] };
    const ofBaseAlone = (model: LanguageModel) => (model.name === 'base' ? model : undefined);
    for (const exchange of [() => undefined, ofBaseAlone]) {
      const { found } = await locate(tuned, { exchange: { ...part, exchange } });
      expect(found).toMatchObject({ state: 'no-exchange', shift: null, places: [] });
    }
  });
});

test('every parameter is in one place outside of blocks or in one block, and in one sum', () => {
  const groups = parameterGroups(base);
  const places = placesToExchange(groups);
  const once = (kinds: (place: (typeof places)[number]) => boolean) =>
    places
      .filter(kinds)
      .flatMap(({ names }) => [...names])
      .sort();
  const all = groups.flatMap(({ names }) => names).sort();
  const outside = ({ kind, layer }: (typeof places)[number]) => kind === 'part' && layer === null;
  expect(once((place) => place.kind === 'block' || outside(place))).toEqual(all);
  expect(
    once((place) => (place.kind === 'sum' && place.name !== 'all blocks') || outside(place)),
  ).toEqual(all);
});

test('texts are drawn whole or from their beginning, as many as are asked for, and the same again', () => {
  const rows = Array.from({ length: 50 }, (_, i) => new Int32Array(10 + 4 * i).fill(i));
  const draw = (seed: number) =>
    drawTexts({ rows, settings: parseAuditSettings({ seed }) }, 'a test', 500);
  const { rows: drawn, index, contexts } = draw(1);
  const tokens = drawn.reduce((sum, { length }) => sum + length, 0);
  expect(tokens).toBeGreaterThanOrEqual(500);
  expect(tokens).toBeLessThan(500 + 64);
  index.forEach((text, i) => {
    expect(drawn[i]).toEqual(rows[text]?.slice(0, 64));
    expect(contexts[i]).toBe((drawn[i]?.length ?? 0) - 1);
  });
  expect(draw(1)).toEqual(draw(1));
  expect(draw(2).index).not.toEqual(index);
});
