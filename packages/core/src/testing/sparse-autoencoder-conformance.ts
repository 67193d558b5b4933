import assert from 'node:assert/strict';
import { matrix, row } from '../matrix.ts';
import { createRandom } from '../random.ts';
import type { Edit, LanguageModel } from '../contracts/language-model.ts';
import type { SparseAutoencoder } from '../contracts/sparse-autoencoder.ts';
import type { Matrix } from '../matrix.ts';
import type { ConformanceCheck } from './language-model-conformance.ts';

const texts = [[5, 9, 2, 7], [3], [8, 1]];

/**
 * What every `SparseAutoencoder` does. `make` returns one whose features are active on some of the standard normal rows
 * that it is tested on. With `model`, which must have the SAE's site, its edits are also tested in forward passes.
 */
export function sparseAutoencoderConformance(
  make: () => Promise<SparseAutoencoder>,
  model?: () => Promise<LanguageModel>,
): readonly ConformanceCheck[] {
  const check = (
    name: string,
    body: (sae: SparseAutoencoder, x: Matrix) => Promise<void>,
  ): ConformanceCheck => ({
    name,
    run: async () => {
      const sae = await make();
      await body(sae, normalRows(23, sae.dIn));
      await sae.dispose();
    },
  });
  const contract = [
    check('has weights of the stated shapes', async ({ dIn, dSae, weights, kind, site }) => {
      const { wEnc, bEnc, wDec, bDec } = weights;
      assert.deepEqual([wEnc.rows, wEnc.columns, wDec.rows, wDec.columns], [dIn, dSae, dSae, dIn]);
      assert.deepEqual([bEnc.length, bDec.length], [dSae, dIn]);
      assert.ok(kind.length > 0 && site.length > 0, 'kind or site is empty');
    }),
    check(
      'encodes rows into features that are never negative, decodes features into rows',
      async (sae, x) => {
        const z = await sae.encode(x);
        assert.deepEqual([z.rows, z.columns], [x.rows, sae.dSae]);
        const odd = z.data.find((v) => !(v >= 0 && Number.isFinite(v)));
        assert.equal(odd, undefined, `a feature is ${odd}`);
        assert.ok(
          z.data.some((v) => v > 0),
          'no feature is active on any row',
        );
        const back = await sae.decode(z);
        assert.deepEqual([back.rows, back.columns], [x.rows, sae.dIn]);
      },
    ),
    check('decodes as z wDec + bDec', async (sae) => {
      const z = normalRows(5, sae.dSae);
      close(
        (await sae.decode(z)).data,
        Array.from({ length: 5 }, (_, r) => decoded(sae, row(z, r))).flat(),
        1e-4,
      );
    }),
    check('gives a row the same features alone as among others', async (sae, x) => {
      const together = await sae.encode(x);
      const alone = await sae.encode(matrix(1, x.columns, row(x, 7).slice()));
      close(alone.data, row(together, 7), 1e-5);
    }),
    check('takes no rows and gives none', async (sae) => {
      assert.deepEqual((await sae.encode(matrix(0, sae.dIn))).data.length, 0);
      assert.deepEqual((await sae.decode(matrix(0, sae.dSae))).data.length, 0);
    }),
    check('refuses rows of another width and features that it does not have', async (sae) => {
      await assert.rejects(sae.encode(matrix(2, sae.dIn + 1)), { name: 'FeedprintError' });
      await assert.rejects(sae.decode(matrix(2, sae.dSae + 1)), { name: 'FeedprintError' });
      for (const feature of [-1, sae.dSae, 0.5]) {
        assert.throws(() => sae.ablate([feature]), { name: 'FeedprintError' });
      }
    }),
    check('ablates no feature without a change of any bit', async (sae, x) => {
      assert.deepEqual((await applied(sae.ablate([]), x)).data, x.data.slice());
    }),
    check('ablates features by taking their part out and keeping the error', async (sae, x) => {
      const before = x.data.slice();
      const z = await sae.encode(x);
      const all = Array.from({ length: sae.dSae }, (_, f) => f);
      for (const features of [all, [firstActive(z)]]) {
        const left = await applied(sae.ablate(features), x);
        const expected = Array.from({ length: x.rows }, (_, r) =>
          without(sae, row(x, r), row(z, r), features),
        ).flat();
        close(left.data, expected, 1e-4);
      }
      assert.deepEqual(x.data, before, 'the edit wrote into its input');
    }),
    check('ablates a feature named twice as if it were named once', async (sae, x) => {
      const feature = firstActive(await sae.encode(x));
      const [once, twice] = [
        await applied(sae.ablate([feature]), x),
        await applied(sae.ablate([feature, feature]), x),
      ];
      close(twice.data, once.data, 0);
    }),
    check('puts the decoded features in the place of the rows', async (sae, x) => {
      const reconstruction = await sae.decode(await sae.encode(x));
      close((await applied(sae.reconstruct(), x)).data, reconstruction.data, 1e-5);
    }),
  ];
  return model ? [...contract, ...inForwardPasses(make, model)] : contract;
}

function inForwardPasses(
  make: () => Promise<SparseAutoencoder>,
  makeModel: () => Promise<LanguageModel>,
): ConformanceCheck[] {
  const check = (
    name: string,
    body: (
      sae: SparseAutoencoder,
      logits: (edits: Edit[]) => Promise<Float32Array>,
    ) => Promise<void>,
  ): ConformanceCheck => ({
    name,
    run: async () => {
      const [sae, model] = [await make(), await makeModel()];
      await body(
        sae,
        async (edits) =>
          (await model.run(texts, { logits: 'all', edits })).logits?.data ?? new Float32Array(),
      );
      await sae.dispose();
    },
  });
  return [
    check('ablating no feature leaves every bit of the logits', async (sae, logits) => {
      assert.deepEqual(await logits([sae.ablate([])]), await logits([]));
    }),
    check('edits act alike as part of the graph and as callbacks', async (sae, logits) => {
      const plain = await logits([]);
      for (const edit of [
        sae.ablate(Array.from({ length: sae.dSae }, (_, f) => f)),
        sae.reconstruct(),
      ]) {
        const callback: Edit = { site: edit.site, apply: (x, position) => edit.apply(x, position) };
        const edited = await logits([edit]);
        close(edited, await logits([callback]), 1e-4);
        assert.notDeepEqual(edited, plain, 'the edit changed nothing');
      }
    }),
  ];
}

const applied = async (edit: Edit, x: Matrix): Promise<Matrix> =>
  edit.apply(x, new Int32Array(x.rows));

const firstActive = (z: Matrix): number => z.data.findIndex((v) => v > 0) % z.columns;

/** f64: z wDec + bDec. */
function decoded({ weights, dIn }: SparseAutoencoder, z: Float32Array): number[] {
  const { wDec, bDec } = weights;
  return Array.from({ length: dIn }, (_, i) =>
    z.reduce((sum, v, f) => sum + v * (wDec.data[f * dIn + i] as number), bDec[i] as number),
  );
}

/** f64: x - sum over the features of z_f wDec[f]. */
function without(
  { weights, dIn }: SparseAutoencoder,
  x: Float32Array,
  z: Float32Array,
  features: readonly number[],
): number[] {
  return Array.from(x, (value, i) =>
    features.reduce(
      (left, f) => left - (z[f] as number) * (weights.wDec.data[f * dIn + i] as number),
      value,
    ),
  );
}

function normalRows(rows: number, columns: number): Matrix {
  const random = createRandom(3);
  return matrix(
    rows,
    columns,
    Float32Array.from({ length: rows * columns }, () => random.normal()),
  );
}

function close(a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number): void {
  assert.equal(a.length, b.length);
  const worst = Array.from(a).reduce(
    (most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))),
    0,
  );
  assert.ok(worst <= tolerance, `differ by ${worst}`);
}
