import assert from 'node:assert/strict';
import type { Probe } from '../contracts/probe.ts';
import { FeedprintError } from '../errors.ts';
import type { FeedprintErrorCode } from '../errors.ts';
import { dot, matrix, row } from '../matrix.ts';
import type { Matrix } from '../matrix.ts';
import { createRandom } from '../random.ts';

export interface ProbeConformanceOptions {
  /** Makes a probe from what `toJSON` returned (after JSON text and back), if the implementation can. */
  readonly restore?: (json: unknown) => Probe;
}

const columns = 6;
/** How the target depends on the columns: weights of both signs and several sizes, and two zeros. */
const planted = [2, -2, 1, -1, 0, 0];

/**
 * What every `Probe` must do, as named checks for any test runner: `make` returns a fresh unfitted probe at each call.
 * The target is 0 or 1, which regressions and classifiers both take.
 */
export function probeConformance(
  make: () => Probe,
  { restore }: ProbeConformanceOptions = {},
): readonly { readonly name: string; run(): void | Promise<void> }[] {
  const { x, y } = plantedRows(300, 1);
  const fresh = plantedRows(100, 2);
  const fitted = (): Probe => {
    const probe = make();
    probe.fit(x, y);
    return probe;
  };
  const checks = [
    {
      name: 'predicts new rows in the order of a planted linear relation',
      run: () => {
        const predictions = fitted().predict(fresh.x);
        assert.equal(predictions.length, fresh.x.rows);
        const agreement = concordance(predictions, fresh.relation);
        assert.ok(
          agreement > 0.9,
          `orders ${agreement.toFixed(2)} of the pairs as planted, not 0.9`,
        );
      },
    },
    {
      name: 'weighs columns with the sign and order of a planted linear relation',
      run: () => {
        const [a, b, c, d, e, f] = fitted().weights as unknown as Six;
        assert.ok(a > c && c > Math.max(e, f), 'positive columns, the stronger first');
        assert.ok(b < d && d < Math.min(e, f), 'negative columns, the stronger first');
        assert.ok(c > 0 && d < 0, 'signs');
      },
    },
    {
      name: 'has one finite weight per column, also of a constant column',
      run: () => {
        const probe = make();
        probe.fit(withConstantColumn(x), y);
        assert.equal(probe.weights.length, columns + 1);
        assert.ok(
          probe.weights.every(Number.isFinite),
          `weights are ${[...probe.weights].join(', ')}`,
        );
        assert.ok(
          probe.predict(withConstantColumn(fresh.x)).every(Number.isFinite),
          'a prediction is not finite',
        );
      },
    },
    {
      name: 'fits fewer rows than columns',
      run: () => {
        const few = plantedRows(columns - 1, 3);
        const labels = few.y.map((_, i) => i % 2);
        const probe = make();
        probe.fit(few.x, labels);
        assert.ok(probe.predict(few.x).every(Number.isFinite), 'a prediction is not finite');
      },
    },
    {
      name: 'gives equal predictions when fitted twice on the same rows',
      run: () => {
        const twice = fitted();
        const first = twice.predict(fresh.x).slice();
        twice.fit(x, y);
        assert.deepEqual(twice.predict(fresh.x), first);
        assert.deepEqual(fitted().predict(fresh.x), first);
      },
    },
    {
      name: 'leaves its inputs as they were',
      run: () => {
        const before = x.data.slice();
        fitted().predict(x);
        assert.deepEqual(x.data, before);
      },
    },
    {
      name: 'refuses to predict before it is fitted',
      run: () => {
        assert.throws(() => make().predict(x), FeedprintError.is);
      },
    },
    {
      name: 'refuses rows with another number of columns',
      run: () => {
        assert.throws(() => fitted().predict(withConstantColumn(x)), hasCode('shape-mismatch'));
      },
    },
    {
      name: 'refuses a target of another length',
      run: () => {
        assert.throws(() => make().fit(x, y.slice(1)), hasCode('shape-mismatch'));
      },
    },
    {
      name: 'refuses a constant or empty target',
      run: () => {
        assert.throws(
          () =>
            make().fit(
              x,
              y.map(() => 1),
            ),
          hasCode('numbers-invalid'),
        );
        assert.throws(() => make().fit(matrix(0, columns), []), hasCode('numbers-invalid'));
      },
    },
    {
      name: 'refuses numbers that are not finite',
      run: () => {
        const data = x.data.slice();
        data[7] = NaN;
        const spoilt = matrix(x.rows, columns, data);
        const targets = y.map((value, i) => (i === 3 ? NaN : value));
        assert.throws(() => make().fit(spoilt, y), hasCode('numbers-invalid'));
        assert.throws(() => make().fit(x, targets), hasCode('numbers-invalid'));
        assert.throws(() => fitted().predict(spoilt), hasCode('numbers-invalid'));
      },
    },
  ];
  if (restore) {
    checks.push({
      name: 'predicts the same after a journey through JSON',
      run: () => {
        const probe = fitted();
        const restored = restore(JSON.parse(JSON.stringify(probe)));
        assert.deepEqual(restored.predict(fresh.x), probe.predict(fresh.x));
        assert.deepEqual(restored.weights, probe.weights);
      },
    });
  }
  return checks;
}

type Six = readonly [number, number, number, number, number, number];

interface PlantedRows {
  readonly x: Matrix;
  /** 1 where the relation is above 0, else 0. */
  readonly y: Float64Array;
  readonly relation: Float64Array;
}

function plantedRows(rows: number, seed: number): PlantedRows {
  const random = createRandom(seed);
  const x = matrix(rows, columns);
  for (let i = 0; i < x.data.length; i++) x.data[i] = random.normal();
  const relation = Float64Array.from({ length: rows }, (_, i) => dot(row(x, i), planted));
  return { x, y: relation.map((value) => (value > 0 ? 1 : 0)), relation };
}

function withConstantColumn(x: Matrix): Matrix {
  const result = matrix(x.rows, x.columns + 1);
  result.data.fill(3);
  for (let i = 0; i < x.rows; i++) result.data.set(row(x, i), i * result.columns);
  return result;
}

/** Share of pairs that are in the same order. */
function concordance(a: Float64Array, b: Float64Array): number {
  let same = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const inA = (a[i] as number) - (a[j] as number);
      if (inA * ((b[i] as number) - (b[j] as number)) > 0) same++;
    }
  }
  return same / ((a.length * (a.length - 1)) / 2);
}

function hasCode(code: FeedprintErrorCode): (error: unknown) => boolean {
  return (error) => FeedprintError.is(error) && error.code === code;
}
