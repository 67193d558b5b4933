import assert from 'node:assert/strict';
import { matrix, norm, row } from '../matrix.ts';
import { createRandom } from '../random.ts';
import type { ActivationRows, ActivationStore } from '../contracts/activation-store.ts';
import type { Matrix } from '../matrix.ts';
import type { ConformanceCheck } from './language-model-conformance.ts';

const widths = { 'blocks.0.hook_mlp_out': 3, 'blocks.1.hook_resid_post': 5 };
const sites = Object.keys(widths);
/** Odd sizes, including 0, so that parts and shards do not end together. */
const sizes = [1, 7, 0, 2, 13, 1, 10];

/**
 * What every `ActivationStore` does; `make` stores the parts in order and returns the store of all of them. At most 34
 * rows of two sites; shards of a few rows test the most.
 */
export function activationStoreConformance(
  make: (parts: readonly ActivationRows[]) => Promise<ActivationStore>,
): readonly ConformanceCheck[] {
  const parts = partsOf(sizes);
  const whole = partsOf([sizes.reduce((a, b) => a + b, 0)])[0] as ActivationRows;
  const check = (
    name: string,
    body: (store: ActivationStore) => Promise<void>,
  ): ConformanceCheck => ({
    name,
    run: async () => body(await make(parts)),
  });
  const refuses = (
    name: string,
    bad: (part: ActivationRows) => ActivationRows,
  ): ConformanceCheck => ({
    name,
    run: async () => {
      const [first, second] = parts as [ActivationRows, ActivationRows];
      const made = async (): Promise<ActivationStore> => make([first, bad(second)]);
      await assert.rejects(made, { name: 'FeedprintError', code: 'shape-mismatch' });
    },
  });
  return [
    check('knows its sites, their widths and its rows', async (store) => {
      assert.deepEqual([...store.sites].sort(), sites);
      assert.equal(store.rows, whole.text.length);
      for (const [site, width] of Object.entries(widths)) assert.equal(store.width(site), width);
    }),
    check('keeps where every row comes from', async ({ provenance }) => {
      for (const name of ['text', 'position', 'token'] as const) {
        assert.deepEqual(provenance[name], whole[name], name);
      }
    }),
    check('gives back every bit of any range of rows', async (store) => {
      for (const site of sites) {
        const all = whole.activations.get(site) as Matrix;
        for (let start = 0; start <= store.rows; start++) {
          for (const end of [start, start + 1, start + 4, start + 11, store.rows]) {
            if (end > store.rows) continue;
            const read = await store.read(site, start, end);
            assert.deepEqual([read.rows, read.columns], [end - start, all.columns]);
            assert.deepEqual(read.data, all.data.slice(start * all.columns, end * all.columns));
          }
        }
      }
    }),
    check('gives rows that can be written to without a change to the store', async (store) => {
      const site = sites[0] as string;
      (await store.read(site, 0, 2)).data.fill(9);
      const expected = (whole.activations.get(site) as Matrix).data.slice(0, 6);
      assert.deepEqual((await store.read(site, 0, 2)).data, expected);
    }),
    check('knows the mean row and the mean norm of each site', async (store) => {
      for (const site of sites) {
        const all = whole.activations.get(site) as Matrix;
        const { mean, meanNorm } = await store.scale(site);
        const rows = Array.from({ length: all.rows }, (_, r) => row(all, r));
        const expected = Array.from(
          { length: all.columns },
          (_, i) => rows.reduce((sum, x) => sum + (x[i] as number), 0) / rows.length,
        );
        assert.equal(mean.length, all.columns);
        expected.forEach((value, i) => near(mean[i], value));
        near(meanNorm, rows.reduce((sum, x) => sum + norm(x), 0) / rows.length);
      }
    }),
    check('refuses rows and sites that it does not have', async (store) => {
      const site = sites[0] as string;
      for (const [start, end] of [
        [0, store.rows + 1],
        [-1, 2],
        [3, 2],
      ] as const) {
        await assert.rejects(store.read(site, start, end), { name: 'FeedprintError' });
      }
      await assert.rejects(store.read('nowhere', 0, 1), { name: 'FeedprintError' });
      await assert.rejects(store.scale('nowhere'), { name: 'FeedprintError' });
      assert.throws(() => store.width('nowhere'), { name: 'FeedprintError' });
    }),
    refuses('refuses activations of more rows than tokens', (part) => ({
      ...part,
      activations: new Map(sites.map((site) => [site, matrix(part.text.length + 1, 3)])),
    })),
    refuses('refuses a part without one of the sites', (part) => ({
      ...part,
      activations: new Map([...part.activations].slice(0, 1)),
    })),
    refuses('refuses provenance of unequal lengths', (part) => ({
      ...part,
      position: part.position.slice(1),
    })),
    refuses('refuses a site whose width changes', (part) => ({
      ...part,
      activations: new Map(sites.map((site) => [site, matrix(part.text.length, 4)])),
    })),
  ];
}

/** The same rows, however they are divided. */
function partsOf(rowsOfParts: readonly number[]): ActivationRows[] {
  const total = rowsOfParts.reduce((a, b) => a + b, 0);
  const random = createRandom(1);
  const numbers = new Map(
    Object.entries(widths).map(([site, width]) => [
      site,
      Float32Array.from({ length: total * width }, () => 3 + random.normal()),
    ]),
  );
  let start = 0;
  return rowsOfParts.map((rows) => {
    const from = start;
    start += rows;
    const ints = (of: (row: number) => number): Int32Array =>
      Int32Array.from({ length: rows }, (_, i) => of(from + i));
    return {
      text: ints((i) => Math.floor(i / 5)),
      position: ints((i) => i % 5),
      token: ints((i) => 1000 - i),
      activations: new Map(
        Object.entries(widths).map(([site, width]) => [
          site,
          matrix(rows, width, numbers.get(site)?.slice(from * width, start * width)),
        ]),
      ),
    };
  });
}

function near(actual: number | undefined, expected: number): void {
  assert.ok(Math.abs((actual ?? NaN) - expected) <= 1e-5, `${actual} is not ${expected}`);
}
