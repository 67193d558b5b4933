import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix, row } from '@feedprint/core';
import type { LanguageModel, Matrix, Site, TokenRows } from '@feedprint/core';
import { describeDecoder } from '../../src/architectures/architectures.ts';
import { createWeights } from '../../src/architectures/weights.ts';
import { loadModel } from '../../src/index.ts';
import { buildForward, surveyForward } from '../../src/model/forward-graph.ts';
import { worstDifference } from '../architectures/compare.ts';
import { golden, goldenNames, writeGoldenClassifier } from '../architectures/golden-checkpoint.ts';
import { loadGolden } from '../support/load-golden.ts';
import { tinyWeights } from '../support/tiny-checkpoint.ts';

interface GradientGolden {
  readonly rows: readonly {
    readonly ids: readonly number[];
    readonly targets: readonly number[];
    readonly sites: Readonly<Record<Site, readonly number[]>>;
  }[];
}

const recorded = (
  JSON.parse(readFileSync(new URL('../golden/gradients.json', import.meta.url), 'utf8')) as {
    readonly models: Readonly<Record<string, GradientGolden>>;
  }
).models;

/** Rows of different lengths, the longest longer than every sliding window. */
const rows: TokenRows = [[33, 8, 1, 1, 30], [77], [5, 9, 2, 71, 31, 0, 95, 40, 9]];
const targets = [[8, 1, -1, 30, 4], [12], [9, 2, 71, 31, -1, 95, 40, 9, 60]];
const positions = rows.reduce((sum, { length }) => sum + length, 0);

/** The summed log-probability of the targets, in f64, with what is added to a site's activations. */
async function logProbability(model: LanguageModel, site: Site, added: Matrix): Promise<number> {
  const edit = {
    site,
    apply: (x: Matrix): Matrix =>
      matrix(
        x.rows,
        x.columns,
        x.data.map((v, i) => v + (added.data[i] as number)),
      ),
  };
  const { logits } = await model.run(rows, { logits: 'all', edits: [edit] });
  return targets.flat().reduce((sum, target, position) => {
    if (target < 0) return sum;
    const own = row(logits as Matrix, position);
    const top = Math.max(...own);
    const total = own.reduce((all, v) => all + Math.exp(v - top), 0);
    return sum + (own[target] as number) - top - Math.log(total);
  }, 0);
}

describe.each(['gpt_neox', 'llama', 'gemma2'])('gradients of %s', (name) => {
  test('at every site are the central differences along random directions', async () => {
    const model = await loadGolden(name);
    const sites = model.sites.map(({ site }) => site);
    const found = await model.gradients(rows, { sites, targets });
    const random = createRandom(3);
    for (const { site, width } of model.sites) {
      const gradient = found.get(site) as Matrix;
      expect([gradient.rows, gradient.columns]).toEqual([positions, width]);
      const length = Math.hypot(...gradient.data);
      expect(length).toBeGreaterThan(0);
      // Half along the gradient, so that the difference stands out from f32's rounding; half anywhere.
      const noise = gradient.data.map(() => random.normal());
      const noiseLength = Math.hypot(...noise);
      const direction = gradient.data.map(
        (v, i) => v / length + (noise[i] as number) / noiseLength,
      );
      const step = 4e-3;
      const [up, down] = [1, -1].map((sign) =>
        logProbability(
          model,
          site,
          matrix(
            positions,
            width,
            direction.map((v) => sign * step * v),
          ),
        ),
      );
      const slope = (((await up) as number) - ((await down) as number)) / (2 * step);
      const expected = gradient.data.reduce((sum, v, i) => sum + v * (direction[i] as number), 0);
      expect(Math.abs(slope - expected) / Math.abs(expected)).toBeLessThan(1e-2);
    }
  });
});

test.each(Object.entries(recorded))(
  'gradients of %s are those of PyTorch',
  async (name, { rows }) => {
    const model = await loadGolden(name);
    const sites = Object.keys(rows[0]?.sites ?? {});
    expect(sites.length).toBeGreaterThan(10);
    const found = await model.gradients(
      rows.map(({ ids }) => ids),
      { sites, targets: rows.map(({ targets }) => targets) },
    );
    for (const site of sites) {
      const gradient = found.get(site) as Matrix;
      const along = tinyWeights('projection', [gradient.columns]);
      const projected = Array.from({ length: gradient.rows }, (_, r) =>
        row(gradient, r).reduce((sum, v, i) => sum + v * (along[i] as number), 0),
      );
      const expected = rows.flatMap((r) => r.sites[site] ?? []);
      expect(worstDifference(projected, expected)).toBeLessThanOrEqual(1e-4);
    }
  },
);

test.each(goldenNames)('of %s, a row has the gradients that it has alone', async (name) => {
  const model = await loadGolden(name);
  const site = model.sites.find((info) => info.site.endsWith('0.hook_resid_pre'))?.site as Site;
  const together = (await model.gradients(rows, { sites: [site], targets })).get(site) as Matrix;
  const alone: number[] = [];
  for (const [r, ids] of rows.entries()) {
    const own = await model.gradients([ids], { sites: [site], targets: [targets[r] ?? []] });
    alone.push(...(own.get(site)?.data ?? []));
  }
  expect(worstDifference(together.data, alone)).toBeLessThanOrEqual(1e-4);
  expect(Math.hypot(...alone)).toBeGreaterThan(0);
});

test.each(goldenNames)('gradients of %s are made without a sum that one thread must do', (name) => {
  const decoder = describeDecoder(golden(name).config, name);
  const checkpoint = { infoOf: () => undefined, weight: () => new Float32Array() };
  const weights = createWeights(checkpoint);
  const sites = decoder.blocks.map((_, layer) => `blocks.${layer}.hook_resid_pre`);
  const plan = {
    ...{
      logProbsOf: 'none' as const,
      edits: [],
      overrides: [],
      cache: { reads: false, writes: false },
    },
    gradients: { sites, of: 'targets' },
  } as const;
  const transformer = { decoder, weights };
  const { graph } = buildForward(transformer, surveyForward(transformer).sites, plan);
  expect(graph.nodes.filter(({ serial }) => serial)).toEqual([]);
});

describe('gradients', () => {
  test('are zero behind the last target, and everywhere without one', async () => {
    const model = await loadGolden('gpt_neox');
    const site = 'blocks.0.hook_mlp_out';
    const of = async (targets: readonly number[]): Promise<Matrix> =>
      (await model.gradients([[5, 9, 2, 71]], { sites: [site], targets: [targets] })).get(
        site,
      ) as Matrix;
    const two = await of([9, 2, -1, -1]);
    expect([0, 1, 2, 3].map((r) => row(two, r).some((v) => v !== 0))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect((await of([-1, -1, -1, -1])).data.every((v) => v === 0)).toBe(true);
  });

  test('of no site are none', async () => {
    const model = await loadGolden('gpt_neox');
    expect((await model.gradients(rows, { sites: [], targets })).size).toBe(0);
  });

  test.each([
    [
      'a row of targets too few',
      targets.slice(1),
      /rows of 5, 1, 9 tokens were given 1, 9 targets/,
    ],
    ['a target too few', [[8, 1, 1, 30], [12], targets[2] ?? []], /given 4, 1, 9 targets/],
    ['a target outside the vocabulary', [[8, 1, 1, 30, 96], [12], targets[2] ?? []], /token id 96/],
  ])('refuse %s', async (_, wrong, says) => {
    const model = await loadGolden('gpt_neox');
    const asked = model.gradients(rows, { sites: ['blocks.0.hook_mlp_out'], targets: wrong });
    await expect(asked).rejects.toMatchObject({
      code: 'shape-mismatch',
      message: expect.stringMatching(says) as unknown,
    });
  });

  test('refuse a site that the model has not', async () => {
    const model = await loadGolden('gpt_neox');
    await expect(
      model.gradients(rows, { sites: ['blocks.9.hook_mlp_out'], targets }),
    ).rejects.toMatchObject({ code: 'usage' });
  });

  test('are not there for a classifier, which predicts no tokens', async () => {
    const model = await loadModel(writeGoldenClassifier(golden('llama')), { threads: 1 });
    expect(model.gradients).toBeUndefined();
    await model.dispose();
  });
});
