import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertFinite, matrix, norm, row } from '../matrix.ts';
import { createRandom } from '../random.ts';
import type { ActivationStore } from '../contracts/activation-store.ts';
import type {
  SaeJob,
  SaeStepMetrics,
  SaeTrainer,
  SparseAutoencoder,
} from '../contracts/sparse-autoencoder.ts';
import type { Matrix } from '../matrix.ts';
import type { ConformanceCheck } from './language-model-conformance.ts';

const SITE = 'blocks.0.hook_mlp_out';
const DIRECTIONS = 8;
const WIDTH = 16;
const ROWS = 1000;

export interface SaeTrainerConformanceOptions {
  /** Mean cosine similarity of the planted directions to the learned ones that training must pass. Default 0.9. */
  readonly recovery?: number;
}

/**
 * What every `SaeTrainer` does. `make` returns one configured to learn within seconds, on 1,000 rows of 16 units that
 * are sparse sums of 8 directions, about two per row.
 */
export function saeTrainerConformance(
  make: () => SaeTrainer,
  { recovery = 0.9 }: SaeTrainerConformanceOptions = {},
): readonly ConformanceCheck[] {
  const { directions, rows } = planted();
  const options = { site: SITE, dSae: DIRECTIONS, seed: 1 };
  const job = (x: Matrix): SaeJob => ({ ...options, name: 'sae', store: storeOf(x) });
  const check = (name: string, run: () => Promise<void>): ConformanceCheck => ({ name, run });
  return [
    check('gives an SAE of the site and size asked for, with finite weights', async () => {
      const sae = await make().train(storeOf(rows), { ...options, dSae: 5 });
      assert.deepEqual([sae.site, sae.dIn, sae.dSae], [SITE, WIDTH, 5]);
      for (const [name, data] of Object.entries(weightsOf(sae))) assertFinite(data, name);
      await sae.dispose();
    }),
    check('gives the same bytes for the same seed, others for another', async () => {
      const train = async (seed: number): Promise<Record<string, Float32Array>> => {
        const sae = await make().train(storeOf(rows), { ...options, seed });
        await sae.dispose();
        return weightsOf(sae);
      };
      const first = await train(1);
      assert.deepEqual(await train(1), first);
      assert.notDeepEqual((await train(2)).wDec, first.wDec);
    }),
    check('reports about twenty steps, the last one last, with finite numbers', async () => {
      const seen: SaeStepMetrics[] = [];
      const sae = await make().train(storeOf(rows), {
        ...options,
        onStep: (metrics) => seen.push(metrics),
      });
      await sae.dispose();
      assert.ok(seen.length >= 1 && seen.length <= 45, `${seen.length} reports`);
      const last = seen.at(-1) as SaeStepMetrics;
      assert.equal(last.step, last.steps);
      seen
        .slice(1)
        .forEach((metrics, i) =>
          assert.ok(metrics.step > (seen[i] as SaeStepMetrics).step, 'steps do not rise'),
        );
      for (const { mse, explainedVariance, l0, loss, dead } of seen) {
        assertFinite([mse, explainedVariance, l0, loss, dead], 'metrics');
        assert.ok(explainedVariance <= 1, 'more than all variance is explained');
        assert.ok(dead >= 0 && dead <= DIRECTIONS, `${dead} dead features of ${DIRECTIONS}`);
      }
      assert.ok(last.mse < (seen[0] as SaeStepMetrics).mse, 'the error did not fall');
    }),
    check('finds the directions that the activations are made from', async () => {
      const sae = await make().train(storeOf(rows), { ...options, dSae: 2 * DIRECTIONS });
      const best = directions.map((direction) => {
        const cosines = Array.from({ length: sae.dSae }, (_, f) =>
          cosine(direction, row(sae.weights.wDec, f)),
        );
        return Math.max(...cosines);
      });
      await sae.dispose();
      const mean = best.reduce((a, b) => a + b, 0) / best.length;
      assert.ok(mean > recovery, `mean cosine similarity ${mean}`);
    }),
    check('does not change the activations', async () => {
      const before = rows.data.slice();
      await (await make().train(storeOf(rows), options)).dispose();
      assert.deepEqual(rows.data, before);
    }),
    check('refuses a store without rows', async () => {
      await assert.rejects(make().train(storeOf(matrix(0, WIDTH)), options), {
        name: 'FeedprintError',
      });
    }),
    check('refuses activations that are not finite, with no SAE of NaN', async () => {
      const bad = matrix(rows.rows, rows.columns, rows.data.slice());
      bad.data[5] = NaN;
      await assert.rejects(make().train(storeOf(bad), options), {
        name: 'FeedprintError',
        code: 'numbers-invalid',
      });
    }),
    check('trains jobs together as it trains each alone, in their order', async () => {
      const jobs = [5, 8].map((dSae, i) => ({ ...job(rows), name: `${i}`, dSae, seed: i }));
      const together = await make().trainAll(jobs);
      for (const [i, { dSae, seed }] of jobs.entries()) {
        const alone = await make().train(storeOf(rows), { site: SITE, dSae, seed });
        const sae = together[i] as SparseAutoencoder;
        assert.deepEqual(weightsOf(sae), weightsOf(alone));
        await Promise.all([alone.dispose(), sae.dispose()]);
      }
    }),
    check(
      'continues a cancelled training to the same bytes, and refuses another in its place',
      async () => {
        const folder = await mkdtemp(join(tmpdir(), 'sae-trainer-'));
        try {
          const checkpoint = { folder, everyTokens: 100 };
          const [whole] = await make().trainAll([job(rows)]);
          const control = new AbortController();
          const cancelled = make().trainAll([job(rows)], {
            checkpoint,
            signal: control.signal,
            onStep: (_, { step, steps }) => {
              if (step >= steps / 2) control.abort();
            },
          });
          await assert.rejects(cancelled, { name: 'FeedprintError', code: 'cancelled' });
          const other = make().trainAll([{ ...job(rows), seed: 9 }], { checkpoint });
          await assert.rejects(other, { name: 'FeedprintError', code: 'run-invalid' });
          const [resumed] = await make().trainAll([job(rows)], { checkpoint });
          assert.deepEqual(
            weightsOf(resumed as SparseAutoencoder),
            weightsOf(whole as SparseAutoencoder),
          );
          await Promise.all([whole?.dispose(), resumed?.dispose()]);
        } finally {
          await rm(folder, { recursive: true });
        }
      },
    ),
    check('trains an SAE further from where it is, and refuses one of another shape', async () => {
      const errors: number[] = [];
      const train = (from?: SparseAutoencoder, dSae = DIRECTIONS): Promise<SparseAutoencoder> =>
        make().train(storeOf(rows), {
          ...{ ...options, dSae },
          ...(from && { from }),
          onStep: ({ mse }) => errors.push(mse),
        });
      const sae = await train();
      const [start = 0] = errors.splice(0);
      const before = weightsOf(sae);
      await (await train(sae)).dispose();
      assert.ok((errors[0] as number) < start, `the error began at ${errors[0]}, not ${start}`);
      assert.deepEqual(weightsOf(sae), before);
      await assert.rejects(train(sae, DIRECTIONS + 1), {
        name: 'FeedprintError',
        code: 'shape-mismatch',
      });
      await sae.dispose();
    }),
    check('has a name, and settings that can be hashed', async () => {
      const { name, settings } = make();
      assert.ok(name.length > 0, 'the name is empty');
      assert.deepEqual(JSON.parse(JSON.stringify(settings)), settings);
    }),
  ];
}

/** Rows that are sums of unit directions, each present with probability 1/4 and strength in [1, 2], plus a constant. */
function planted(): { directions: Float64Array[]; rows: Matrix } {
  const random = createRandom(8);
  const unit = (): Float64Array => {
    const v = Float64Array.from({ length: WIDTH }, () => random.normal());
    return v.map((x) => x / norm(v));
  };
  const directions = Array.from({ length: DIRECTIONS }, unit);
  const offset = unit();
  const rows = matrix(ROWS, WIDTH);
  for (let r = 0; r < ROWS; r++) {
    const target = row(rows, r);
    target.set(offset);
    for (const direction of directions) {
      const strength = random.next() < 0.25 ? 1 + random.next() : 0;
      direction.forEach((v, i) => (target[i] = (target[i] as number) + strength * v));
    }
  }
  return { directions, rows };
}

/** The least that a trainer needs of a store. */
function storeOf(rows: Matrix): ActivationStore {
  const none = new Int32Array(rows.rows);
  return {
    sites: [SITE],
    rows: rows.rows,
    provenance: { text: none, position: none, token: none },
    width: () => rows.columns,
    read: async (_, start, end) =>
      matrix(end - start, rows.columns, rows.data.slice(start * rows.columns, end * rows.columns)),
    scale: async () => {
      const all = Array.from({ length: rows.rows }, (_, r) => row(rows, r));
      const mean = (of: (x: Float32Array) => number): number =>
        all.reduce((sum, x) => sum + of(x), 0) / all.length;
      return {
        mean: Float32Array.from({ length: rows.columns }, (_, i) => mean((x) => x[i] as number)),
        meanNorm: mean(norm),
      };
    },
  };
}

function weightsOf({ weights }: SparseAutoencoder): Record<string, Float32Array> {
  return {
    wEnc: weights.wEnc.data.slice(),
    bEnc: weights.bEnc.slice(),
    wDec: weights.wDec.data.slice(),
    bDec: weights.bDec.slice(),
  };
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let dot = 0;
  for (let i = 0; i < a.length; i++) dot += (a[i] as number) * (b[i] as number);
  return dot / (norm(a) * norm(b) || 1);
}
