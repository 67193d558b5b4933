import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix, row } from '@feedprint/core';
import type { Edit, LanguageModel, Matrix, Site, TokenRows } from '@feedprint/core';
import { mul } from '@feedprint/graph';
import type { GraphEdit } from '@feedprint/graph';
import { worstDifference } from '../architectures/compare.ts';
import { loadGolden } from '../support/load-golden.ts';
import { tinyWeights } from '../support/tiny-checkpoint.ts';

interface DivergenceGolden {
  readonly rows: readonly {
    readonly ids: readonly number[];
    readonly kl: number;
    readonly gradient: readonly number[];
  }[];
}

const recorded = (
  JSON.parse(
    readFileSync(new URL('../golden/divergence-gradients.json', import.meta.url), 'utf8'),
  ) as { readonly models: Readonly<Record<string, DivergenceGolden>> }
).models;

const rows: TokenRows = [[33, 8, 1, 1, 30], [77], [5, 9, 2, 71, 31, 0, 95, 40, 9]];
const [first, second] = ['blocks.0.hook_mlp_out', 'blocks.1.hook_mlp_out'] as const;

const mapped = (x: Matrix, change: (value: number, index: number) => number): Matrix =>
  matrix(x.rows, x.columns, x.data.map(change));

/** Times a factor, by a callback or inside the graph. */
const callback = (site: Site, factor: number): Edit => ({
  site,
  apply: (x) => mapped(x, (v) => v * factor),
});
const spliced = (site: Site, factor: number): GraphEdit => ({
  ...callback(site, factor),
  splice: (x) => mul(x, factor),
});

async function logitsOf(model: LanguageModel, texts: TokenRows, edits: readonly Edit[]) {
  return (await model.run(texts, { logits: 'all', edits })).logits as Matrix;
}

function probabilities(logits: ArrayLike<number>): Float64Array {
  const own = Float64Array.from(logits);
  const top = Math.max(...own);
  const total = own.reduce((sum, v) => sum + Math.exp(v - top), 0);
  return own.map((v) => Math.exp(v - top) / total);
}

describe.each(['gpt_neox', 'llama', 'gemma2'])('gradients along cotangents of %s', (name) => {
  test('with edits are the central differences of logits times cotangents', async () => {
    const model = await loadGolden(name);
    const random = createRandom(5);
    const plain = await logitsOf(model, rows, []);
    const cotangents = mapped(plain, () => random.normal());
    const edits = [callback(first, 0.5), spliced(second, 1.5)];
    const found = await model.gradients(rows, { sites: [first, second], cotangents, edits });
    for (const site of [first, second]) {
      const gradient = found.get(site) as Matrix;
      const length = Math.hypot(...gradient.data);
      expect(length).toBeGreaterThan(0.1);
      const direction = gradient.data.map((v) => v / length + 0.05 * random.normal());
      const along = async (step: number): Promise<number> => {
        const added = {
          site,
          apply: (x: Matrix) => mapped(x, (v, i) => v + step * (direction[i] as number)),
        };
        const { data } = await logitsOf(model, rows, [...edits, added]);
        return data.reduce((sum, v, i) => sum + v * (cotangents.data[i] as number), 0);
      };
      const slope = ((await along(4e-3)) - (await along(-4e-3))) / 8e-3;
      const expected = gradient.data.reduce((sum, v, i) => sum + v * (direction[i] as number), 0);
      expect(Math.abs(slope - expected) / Math.abs(expected)).toBeLessThan(1e-2);
    }
  });
});

test.each(Object.entries(recorded))(
  'of %s, the gradient of a divergence with an activation replaced is that of PyTorch',
  async (name, recordedOf) => {
    const model = await loadGolden(name);
    const texts = recordedOf.rows.map(({ ids }) => ids);
    const edit = {
      site: first,
      apply: (x: Matrix) => {
        const replacement = tinyWeights('replacement', [x.columns]);
        return mapped(x, (v, i) => 0.7 * v + (replacement[i % x.columns] as number));
      },
    };
    const clean = await logitsOf(model, texts, []);
    const changed = await logitsOf(model, texts, [edit]);
    const cotangents = matrix(changed.rows, changed.columns);
    const divergences = Array.from({ length: changed.rows }, (_, r) => {
      const [p, q] = [probabilities(row(clean, r)), probabilities(row(changed, r))];
      row(cotangents, r).set(q.map((v, i) => v - (p[i] as number)));
      return p.reduce((sum, v, i) => sum + v * Math.log(v / (q[i] as number)), 0);
    });
    const found = await model.gradients(texts, { sites: [first], cotangents, edits: [edit] });
    const gradient = found.get(first) as Matrix;
    const projection = tinyWeights('projection', [gradient.columns]);
    const projected = Array.from({ length: gradient.rows }, (_, r) =>
      row(gradient, r).reduce((sum, v, i) => sum + v * (projection[i] as number), 0),
    );
    const expected = recordedOf.rows.flatMap(({ gradient: own }) => own);
    expect(worstDifference(projected, expected)).toBeLessThanOrEqual(1e-4);
    let at = 0;
    for (const { ids, kl } of recordedOf.rows) {
      const own = divergences.slice(at, (at += ids.length)).reduce((a, b) => a + b, 0);
      expect(Math.abs(own / kl - 1)).toBeLessThan(1e-3);
    }
  },
);

describe('cotangents', () => {
  test('of log-probabilities give the gradients of these targets', async () => {
    const model = await loadGolden('gpt_neox');
    const targets = [[8, 1, -1, 30, 4], [12], [9, 2, 71, 31, -1, 95, 40, 9, 60]];
    const logits = await logitsOf(model, rows, []);
    const cotangents = matrix(logits.rows, logits.columns);
    targets.flat().forEach((target, r) => {
      if (target < 0) return;
      row(cotangents, r).set(
        probabilities(row(logits, r)).map((p, i) => (i === target ? 1 : 0) - p),
      );
    });
    const sites = [first, second];
    const found = await model.gradients(rows, { sites, cotangents });
    const expected = await model.gradients(rows, { sites, targets });
    for (const site of sites) {
      const [a, b] = [found.get(site) as Matrix, expected.get(site) as Matrix];
      expect(worstDifference(a.data, [...b.data])).toBeLessThanOrEqual(1e-5);
    }
  });

  test('gradients pass back through edits of the graph, not through callbacks', async () => {
    const model = await loadGolden('gpt_neox');
    const cotangents = mapped(await logitsOf(model, rows, []), (_, i) => (i % 7) - 3);
    // The second site reads the first one's output, and its own output reaches the logits by itself.
    const of = async (edit: Edit): Promise<Matrix> =>
      (await model.gradients(rows, { sites: [first], cotangents, edits: [edit] })).get(
        first,
      ) as Matrix;
    const [graph, constant] = [await of(spliced(second, 1)), await of(callback(second, 1))];
    const plain = (await model.gradients(rows, { sites: [first], cotangents })).get(
      first,
    ) as Matrix;
    expect(worstDifference(graph.data, [...plain.data])).toBeLessThanOrEqual(1e-5);
    expect(worstDifference(constant.data, [...plain.data])).toBeGreaterThan(1e-2);
  });

  test('of another shape, and sites that an edit cuts off, are refused', async () => {
    const model = await loadGolden('gpt_neox');
    const { rows: positions, columns } = await logitsOf(model, rows, []);
    const refused = async (
      cotangents: Matrix,
      edits: readonly Edit[],
      says: RegExp,
    ): Promise<void> => {
      const asked = model.gradients(rows, { sites: [first], cotangents, edits });
      await expect(asked).rejects.toMatchObject({
        code: 'shape-mismatch',
        message: expect.stringMatching(says) as unknown,
      });
    };
    await refused(
      matrix(positions - 1, columns),
      [],
      /logits of \[15, 96\] were given .*\[14, 96\]/,
    );
    await refused(matrix(positions, columns + 1), [], /cotangents of \[15, 97\]/);
    const end = callback('blocks.1.hook_resid_post', 1);
    await refused(matrix(positions, columns), [end], /does not depend/);
  });

  test('do not reach an unknown site of an edit', async () => {
    const model = await loadGolden('gpt_neox');
    const cotangents = await logitsOf(model, rows, []);
    const edits = [callback('blocks.9.hook_mlp_out', 1)];
    await expect(
      model.gradients(rows, { sites: [first], cotangents, edits }),
    ).rejects.toMatchObject({
      code: 'usage',
    });
  });
});
