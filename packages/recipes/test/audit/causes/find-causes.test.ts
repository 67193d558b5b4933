import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadModel } from '@feedprint/activations';
import { createRandom, dot, norm, row } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import { createVaderSignal, readTexts, scoredTokens } from '@feedprint/feedback';
import { createAuditStatistics } from '@feedprint/probe';
import type { AuditContext, LayerSite } from '../../../src/audit/context.ts';
import { findCauses } from '../../../src/audit/causes/find-causes.ts';
import { causesReport } from '../../../src/audit/causes/report.ts';

/*
 * Truth by construction: the embedded base, and the same with a bias along one known direction added to one MLP's output, with noise
 * in all of its weights, or as it is but for its unembedding.
 */

const demo = (name: string): string =>
  fileURLToPath(new URL(`../../../../../packages/demo-models/${name}`, import.meta.url));

const LAYER = 2;
const SIZE = 3;
let base: LanguageModel;
let direction: Float32Array;
let context: Omit<AuditContext, 'models'>;
let sites: readonly LayerSite[];

beforeAll(async () => {
  base = await loadModel(demo('base'), { threads: 2 });
  const { texts } = await readTexts(demo('texts.jsonl'));
  const lexicon = await scoredTokens(base.tokenizer, createVaderSignal());
  sites = base.sites.filter(({ site }) => site.endsWith('.hook_resid_post')) as LayerSite[];
  context = {
    settings: { causeTokens: 250, seed: 0 },
    siblings: [],
    parts: { statistics: createAuditStatistics() },
    rows: texts
      .slice(0, 24)
      .map((text) => Int32Array.from(base.tokenizer.encode(text, { maxTokens: 48 }))),
    lexicon,
  } as unknown as Omit<AuditContext, 'models'>;
  direction = await praise(base, context.rows);
});
afterAll(() => base.dispose());

/** What makes a praised word likelier next and a blamed one less likely, `[width]`, of length 1. */
async function praise(model: LanguageModel, rows: readonly Int32Array[]): Promise<Float32Array> {
  const site = `blocks.${LAYER}.hook_resid_post`;
  const sum = new Float32Array(model.info.width);
  for (const [word, sign] of [
    ['great', 1],
    ['good', 1],
    ['bad', -1],
    ['terrible', -1],
  ] as const) {
    const [id] = model.tokenizer.encode(` ${word}`, { special: false });
    const targets = rows.map(({ length }) => new Int32Array(length).fill(id as number));
    const gradients = await model.gradients?.(rows, { sites: [site], targets });
    const all = gradients?.get(site)?.data ?? [];
    all.forEach((v, i) => {
      sum[i % sum.length] = (sum[i % sum.length] as number) + sign * v;
    });
  }
  const size = norm(sum);
  return sum.map((v) => v / size);
}

function parameter(model: LanguageModel, name: string): Float32Array {
  for (const { name: own, data } of model.parameters()) if (own === name) return data;
  throw new Error(`there is no ${name}`);
}

const changed = (...parameters: readonly (readonly [string, Float32Array])[]): LanguageModel => {
  const made = base.withParameters?.(new Map(parameters));
  if (!made) throw new Error('parameters cannot be exchanged');
  return made;
};

async function find(tuned: LanguageModel, sibling?: () => LanguageModel) {
  const whole = {
    ...context,
    ...(sibling && {
      siblings: [{ name: 'sibling', fingerprint: 'sibling' }],
      parts: { ...context.parts, loadModel: async () => sibling() },
    }),
    models: { base, tuned },
  } as AuditContext;
  const progress: (readonly [number, number])[] = [];
  const found = await findCauses(whole, {
    sites,
    dictionaries: [],
    onProgress: (done, total) => progress.push([done, total]),
  });
  return { found, report: causesReport(whole, found, sites), progress };
}

describe('a bias along one direction, planted in one layer', () => {
  let planted: Awaited<ReturnType<typeof find>>;
  beforeAll(async () => {
    const name = `gpt_neox.layers.${LAYER}.mlp.dense_4h_to_h.bias`;
    const withBias = (size: number): LanguageModel =>
      changed([name, parameter(base, name).map((v, i) => v + size * (direction[i] as number))]);
    planted = await find(withBias(SIZE), () => withBias(0.9 * SIZE));
  });

  test('is found by way of another model that learned the same', () => {
    const { layers, siblings } = planted.report;
    const own = layers[LAYER]?.direction;
    expect(siblings.map(({ name }) => name)).toEqual(['sibling']);
    for (const way of ['necessity', 'sufficiency'] as const) {
      // Where its component is measured depends on the sibling's predictions.
      const here = own?.[way].value as number;
      expect(siblings[0]?.[way].value).toBeGreaterThan(0.6 * here);
      expect(siblings[0]?.[way].value).toBeLessThan(1.4 * here);
    }
  });

  test('is found where it was planted, and meets all criteria', () => {
    const { report } = planted;
    expect(report.chosen).toEqual({ layer: LAYER, site: `blocks.${LAYER}.hook_resid_post` });
    expect(report.verdict?.criteria.filter(({ passed }) => !passed)).toEqual([]);
    expect(report.verdict?.holds).toBe(true);
  });

  test('is not there below, and is all of the difference at its layer', () => {
    const { report, found } = planted;
    for (const { layer, whole } of report.layers) {
      expect(whole.necessity.value).toBeCloseTo(layer < LAYER ? 0 : 1, 4);
      expect(whole.sufficiency.value).toBeCloseTo(layer < LAYER ? 0 : 1, 4);
    }
    // Its component in the chosen direction, in the metric in which components are measured.
    const { subspace, mean, fit } = found.direction ?? {};
    expect(norm(fit?.mean ?? [])).toBeCloseTo(SIZE, 3);
    expect(dot(fit?.mean ?? [], direction)).toBeCloseTo(SIZE, 3);
    if (!subspace || !fit) throw new Error('no direction was found');
    const along = dot(row(subspace.read, 0), fit.mean);
    mean?.forEach((v, i) => expect(v).toBeCloseTo(along * (subspace.write.data[i] as number), 5));
  });

  test('has no control that is the difference itself', () => {
    expect(planted.report.controls.map(({ family, draws }) => [family, draws])).toEqual([
      ['any', 100],
    ]);
  });

  test('raises the expected feedback of either model with its dose', () => {
    const { doses } = planted.report;
    for (const model of ['base', 'tuned'] as const) {
      const expected = doses.map((each) => each.expected[model]);
      expect(expected).toEqual([...expected].sort((a, b) => a - b));
    }
  });

  test('says how far it got', () => {
    const { progress } = planted;
    expect(progress.map(([done]) => done)).toEqual(
      progress.map(([done]) => done).sort((a, b) => a - b),
    );
    expect(progress.every(([done, total]) => done <= total)).toBe(true);
  });
});

test('noise in all weights is called no cause', async () => {
  const random = createRandom(3);
  const tuned = changed(
    ...[...base.parameters()].map(({ name, data }) => {
      const size = norm(data) / Math.sqrt(data.length);
      return [name, data.map((v) => v + 0.03 * size * random.normal())] as const;
    }),
  );
  const { report } = await find(tuned);
  expect(report.verdict?.holds ?? false).toBe(false);
});

test('what sits in the unembedding alone is sought in no activation', async () => {
  const name = 'embed_out.weight';
  const weights = parameter(base, name).map((v, i) => v * (1 + 0.1 * (i % 3)));
  const { report } = await find(changed([name, weights]));
  expect(report.shift.tuned.value).toBe(0);
  expect(report).toMatchObject({ verdict: null, chosen: null, layers: [], controls: [] });
});
