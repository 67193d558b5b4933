import { describe, expect, test } from '@jest/globals';
import { knownArchitectures, loadModel } from '../../src/index.ts';
import { sharedModel } from '../support/models.ts';
import { compareRows, worstDifference } from './compare.ts';
import { golden, goldenNames, writeGoldenCheckpoint } from './golden-checkpoint.ts';
import type { GoldenModel } from './golden-checkpoint.ts';

const models = goldenNames.map((name) => [name, golden(name)] as const);

describe.each(models)('%s', (_, model) => {
  test('computes the logits and every site that transformers computes', async () => {
    const loaded = await loadModel(writeGoldenCheckpoint(model), { threads: 1 });
    const expected = Object.keys(model.rows[0]?.sites ?? {});
    expect(loaded.sites.map(({ site }) => site).sort()).toEqual(expected);

    const { worst, where, compared } = await compareRows(loaded, model.rows);
    expect({ where, close: worst <= 1e-4 }).toEqual({ where, close: true });
    expect(compared).toBeGreaterThan(500);
    await loaded.dispose();
  });

  test('reads its config as transformers 5 writes it', async () => {
    const folder = writeGoldenCheckpoint(model, { config: model.savedConfig });
    const loaded = await loadModel(folder, { threads: 1 });
    const { logits } = await loaded.run(
      model.rows.map(({ ids }) => ids),
      { logits: 'last' },
    );
    const expected = model.rows.flatMap(({ lastLogits }) => [...lastLogits]);
    expect(worstDifference(logits?.data, expected)).toBeLessThanOrEqual(1e-4);
    await loaded.dispose();
  });
});

test('every architecture has a golden model', () => {
  const types = new Set(models.map(([, { config }]) => config.model_type));
  expect([...knownArchitectures].filter((type) => type !== 'gemma3').sort()).toEqual(
    [...types].sort(),
  );
});

test('every golden model gives numbers of its own, so that none is tested by another', () => {
  const last = models.map(([, { rows }]) => JSON.stringify(rows[0]?.lastLogits));
  expect(new Set(last).size).toBe(models.length);
});

test('a Llama trained on stories computes what transformers computes', async () => {
  const folder = sharedModel('stories260k');
  if (!folder) return;
  const loaded = await loadModel(folder, { threads: 1 });
  const { worst, where, compared } = await compareRows(
    loaded,
    golden<Pick<GoldenModel, 'rows'>>('stories260k').rows,
  );
  expect({ where, close: worst <= 1e-4 }).toEqual({ where, close: true });
  expect(compared).toBeGreaterThan(500);
  await loaded.dispose();
});
