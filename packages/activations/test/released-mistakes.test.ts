import { describe, expect, test } from '@jest/globals';
import { demoModel } from './support/models.ts';
import { loadModel } from '../src/index.ts';

/*
 * What the paper's released code got wrong about batches, by the numbers of decision 10. See
 * packages/pipeline/test/audit/released-mistakes.test.ts for the audit's.
 */

describe('mistake 11: padding', () => {
  test('gives no rows, and changes none of a text that stands beside a longer one', async () => {
    const model = await loadModel(demoModel('base'), { threads: 1 });
    try {
      const short = [5, 9, 12];
      const long = Array.from({ length: 40 }, (_, i) => 20 + i);
      const site = 'blocks.1.hook_mlp_out';
      const run = async (rows: readonly number[][]) => {
        const { activations } = await model.run(rows, { capture: [site] });
        return activations.get(site);
      };
      const [alone, beside] = [await run([short]), await run([short, long])];
      expect([alone?.rows, beside?.rows]).toEqual([3, 43]);
      // The mean over a text, which the released code took over its padding too.
      const width = alone?.columns ?? 0;
      const means = (data: Float32Array): number[] =>
        Array.from({ length: width }, (_, unit) =>
          [0, 1, 2].reduce((sum, t) => sum + (data[t * width + unit] as number) / 3, 0),
        );
      const [a, b] = [
        means(alone?.data ?? new Float32Array()),
        means(beside?.data ?? new Float32Array()),
      ];
      a.forEach((value, unit) => expect(b[unit]).toBeCloseTo(value, 5));
    } finally {
      await model.dispose();
    }
  });
});
