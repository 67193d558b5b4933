import { afterAll, describe, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import type { Edit, LanguageModel, Matrix } from '@feedprint/core';
import { mul } from '@feedprint/graph';
import type { GraphEdit } from '@feedprint/graph';
import { loadModel, steer } from '../src/index.ts';
import { writeTinyCheckpoint } from './support/tiny-checkpoint.ts';

const rows = [[5, 9, 2, 7], [3], [8, 1]];
const loaded: LanguageModel[] = [];
afterAll(async () => Promise.all(loaded.map((m) => m.dispose())));
const load = async (): Promise<LanguageModel> => {
  const model = await loadModel(writeTinyCheckpoint(), { threads: 1 });
  loaded.push(model);
  return model;
};
const model = await load();

const mapped = (x: Matrix, map: (value: number, unit: number) => number): Matrix =>
  matrix(
    x.rows,
    x.columns,
    x.data.map((v, i) => map(v, i % x.columns)),
  );
/** Even units only: a norm later on would undo what happens to all alike. */
const scaled = (x: Matrix, factor: number): Matrix =>
  mapped(x, (v, unit) => (unit % 2 === 0 ? v * factor : v));
/** Scales a site's activations, by a callback alone or in the graph too. */
const callback = (site: string, factor: number): Edit => ({
  site,
  apply: (x) => scaled(x, factor),
});
const graphEdit = (site: string, factor: number): GraphEdit => ({
  ...callback(site, factor),
  splice: (x) => {
    const width = x.shape.at(-1) as number;
    const factors = Float32Array.from({ length: width }, (_, i) => (i % 2 === 0 ? factor : 1));
    return mul(x, x.graph.constant(factors, [width]));
  },
});

const logits = async (edits: readonly Edit[], of = model): Promise<Float32Array> =>
  (await of.run(rows, { logits: 'all', edits })).logits?.data ?? new Float32Array();
const distance = (a: Float32Array, b: Float32Array): number =>
  a.length === b.length && a.length > 0
    ? a.reduce((worst, v, i) => Math.max(worst, Math.abs(v - (b[i] as number))), 0)
    : NaN;

describe('edits', () => {
  test.each(model.sites.map(({ site }) => site))(
    'at %s act alike as callbacks and in the graph',
    async (site) => {
      const inGraph = await logits([graphEdit(site, 0.25)]);
      expect(distance(inGraph, await logits([callback(site, 0.25)]))).toBeLessThanOrEqual(1e-4);
      expect(distance(inGraph, await logits([]))).toBeGreaterThan(1e-2);
    },
  );

  test('at several sites act one after the other, in any mixture of kinds', async () => {
    const sites = ['blocks.0.hook_attn_out', 'blocks.0.hook_mlp_out', 'blocks.1.mlp.hook_post'];
    const expected = await logits(sites.map((site, i) => graphEdit(site, 0.5 + i)));
    for (const pattern of [0, 1, 2, 3, 4, 5, 6]) {
      const edits = sites.map((site, i) =>
        (pattern & (1 << i) ? graphEdit : callback)(site, 0.5 + i),
      );
      expect(distance(await logits(edits), expected)).toBeLessThanOrEqual(1e-4);
    }
    // Each of them matters.
    for (const site of sites) {
      const others = sites.flatMap((s, i) => (s === site ? [] : [graphEdit(s, 0.5 + i)]));
      expect(distance(await logits(others), expected)).toBeGreaterThan(1e-2);
    }
  });

  test('at one site act in the order given, of whatever kind', async () => {
    const site = 'blocks.0.hook_resid_post';
    const shift: Edit = { site, apply: (x) => mapped(x, (v, unit) => (unit === 2 ? v + 1 : v)) };
    const both: Edit = {
      site,
      apply: (x) => mapped(scaled(x, 3), (v, unit) => (unit === 2 ? v + 1 : v)),
    };
    const expected = await logits([both]);
    expect(distance(await logits([graphEdit(site, 3), shift]), expected)).toBeLessThanOrEqual(1e-4);
    expect(distance(await logits([callback(site, 3), shift]), expected)).toBeLessThanOrEqual(1e-4);
    expect(distance(await logits([shift, graphEdit(site, 3)]), expected)).toBeGreaterThan(1e-2);
  });

  test('are seen by what is captured at their own and later sites, not before', async () => {
    const [before, at, after] = [
      'blocks.0.hook_resid_pre',
      'blocks.0.hook_mlp_out',
      'blocks.1.hook_resid_pre',
    ] as const;
    const plain = (await model.run(rows, { capture: [before, at, after] })).activations;
    for (const edit of [callback(at, 2), graphEdit(at, 2)]) {
      const edited = (await model.run(rows, { capture: [before, at, after], edits: [edit] }))
        .activations;
      expect(edited.get(before)?.data).toEqual(plain.get(before)?.data);
      expect(
        distance(edited.get(at)?.data as Float32Array, scaled(plain.get(at) as Matrix, 2).data),
      ).toBeLessThanOrEqual(1e-6);
      expect(
        distance(edited.get(after)?.data as Float32Array, plain.get(after)?.data as Float32Array),
      ).toBeGreaterThan(1e-2);
    }
  });

  test('are told where in its text each row stands', async () => {
    const seen: number[][] = [];
    const watch: Edit = {
      site: 'blocks.0.hook_mlp_out',
      apply: (x, position) => (seen.push([...position]), x),
    };
    await logits([watch]);
    expect(seen).toEqual([[0, 1, 2, 3, 0, 0, 1]]);
  });

  test('at unknown sites, or that give another shape, are refused', async () => {
    for (const edit of [
      callback('blocks.9.hook_mlp_out', 1),
      graphEdit('blocks.9.hook_mlp_out', 1),
    ]) {
      await expect(logits([edit])).rejects.toMatchObject({ code: 'usage' });
    }
    const site = 'blocks.0.hook_mlp_out';
    for (const [height, width] of [
      [6, 16],
      [7, 15],
      [16, 7],
    ] as const) {
      const edit: Edit = { site, apply: () => matrix(height, width) };
      await expect(logits([edit])).rejects.toThrow(
        `an edit returned [${height}, ${width}] for [7, 16]`,
      );
    }
  });
});

describe('a model', () => {
  test('goes on working after requests that it refused, and can be disposed of', async () => {
    const own = await load();
    const expected = await logits([], own);
    await expect(own.run(rows, { capture: ['nowhere'] })).rejects.toMatchObject({ code: 'usage' });
    // More kinds of runs than are kept compiled.
    for (const { site } of own.sites) await own.run(rows, { capture: [site] });
    expect(await logits([], own)).toEqual(expected);
    await own.run(rows, { capture: ['nowhere'] }).catch(() => undefined);
    await own.dispose();
    await own.dispose();
  });

  test('runs more kinds of requests at once than it keeps compiled', async () => {
    const own = await load();
    const one = async (site: string): Promise<Matrix | undefined> =>
      (await own.run(rows, { capture: [site] })).activations.get(site);
    const alone: (Matrix | undefined)[] = [];
    for (const { site } of own.sites) alone.push(await one(site));
    expect(await Promise.all(own.sites.map(({ site }) => one(site)))).toEqual(alone);
  });

  test('gives last logits and log-probabilities in one run', async () => {
    const both = await model.run(rows, { logits: 'last', tokenLogProbs: true });
    expect(both.logits?.data).toEqual((await model.run(rows, { logits: 'last' })).logits?.data);
    expect(both.tokenLogProbs).toEqual(
      (await model.run(rows, { tokenLogProbs: true })).tokenLogProbs,
    );
  });

  test.each([
    ['no rows', [], {}],
    ['a fractional id', [[1.5]], {}],
    ['a negative id', [[-1]], {}],
    ['a watched id below the vocabulary', [[1]], { logProbsOf: Int32Array.of(-1) }],
    ['a watched id above the vocabulary', [[1]], { logProbsOf: Int32Array.of(32) }],
  ])('refuses %s', async (_, ids, request) => {
    await expect(model.run(ids, { logits: 'all', ...request })).rejects.toMatchObject({
      name: 'FeedprintError',
      code: 'shape-mismatch',
    });
  });
});

describe('a replacement', () => {
  const site = 'blocks.1.hook_resid_post';

  test('gives what its callback gives, without running what comes before', async () => {
    const { activations } = await model.run(rows, { capture: [site] });
    const replacement = scaled(activations.get(site) as Matrix, 0.25);
    const never = (): never => {
      throw new Error('the activations are not needed');
    };
    const replaced = await logits([{ site, replacement, apply: never }]);
    const computed = await logits([{ site, apply: () => replacement }]);
    expect(distance(replaced, computed)).toBe(0);
    expect(distance(replaced, await logits([]))).toBeGreaterThan(1e-2);
  });

  test('takes the place of edits before it, and is what those after it see', async () => {
    const { activations } = await model.run(rows, { capture: [site] });
    const replacement = activations.get(site) as Matrix;
    const edits = [
      callback(site, 7),
      { site, replacement, apply: () => replacement },
      callback(site, 0.25),
    ];
    expect(distance(await logits(edits), await logits([callback(site, 0.25)]))).toBe(0);
  });

  test('of another shape is refused', async () => {
    const replacement = matrix(2, model.info.width);
    await expect(logits([{ site, replacement, apply: () => replacement }])).rejects.toThrow(
      `an edit returned [2, ${model.info.width}] for [7, ${model.info.width}]`,
    );
  });
});

describe('steering', () => {
  const site = 'blocks.0.hook_resid_post';
  const direction = Float32Array.from({ length: model.info.width }, (_, i) => Math.sin(i));

  test('adds the direction at every position, in the graph as by a callback', async () => {
    const { activations } = await model.run(rows, {
      capture: [site],
      edits: [steer({ site, direction, dose: -2 })],
    });
    const plain = await model.run(rows, { capture: [site] });
    const before = plain.activations.get(site) as Matrix;
    const expected = mapped(before, (v, unit) => v - 2 * (direction[unit] as number));
    expect(distance(activations.get(site)?.data as Float32Array, expected.data)).toBeLessThan(1e-6);
    const edit = steer({ site, direction, dose: 3 });
    const { splice: _, ...withoutGraph } = edit;
    expect(distance(await logits([edit]), await logits([withoutGraph]))).toBeLessThan(1e-5);
  });

  test('with a dose of 0 changes not one bit', async () => {
    expect(await logits([steer({ site, direction, dose: 0 })])).toEqual(await logits([]));
  });
});

test('log-probabilities of the whole vocabulary are those of its parts', async () => {
  const all = Int32Array.from({ length: model.info.vocabularySize }, (_, id) => id);
  const some = all.slice(3, 9);
  const whole = (await model.run(rows, { logProbsOf: all })).logProbsOf as Matrix;
  const part = (await model.run(rows, { logProbsOf: some })).logProbsOf as Matrix;
  for (let r = 0; r < part.rows; r++) {
    const own = whole.data.subarray(r * whole.columns + 3, r * whole.columns + 9);
    expect(own).toEqual(part.data.subarray(r * 6, (r + 1) * 6));
  }
});
