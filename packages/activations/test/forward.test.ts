import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { loadModel } from '../src/index.ts';
import { demoModel, sharedModel } from './support/models.ts';

interface Golden {
  readonly model: string;
  readonly vocabIds: readonly number[];
  readonly sequences: readonly {
    readonly ids: readonly number[];
    readonly logitPositions: readonly number[];
    readonly logits: readonly (readonly number[])[];
    readonly unitPositions: readonly number[];
    readonly mlpOut: readonly (readonly (readonly number[])[])[];
    readonly residPost: readonly (readonly (readonly number[])[])[];
    readonly logProbs: readonly number[];
  }[];
}

const folder = new URL('./golden/', import.meta.url);
const goldens = readdirSync(folder)
  .filter((file) => file.startsWith('forward-'))
  .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Golden);

/** Largest difference between what the model computes and what `transformers` computed. */
async function worstDifference(
  golden: Golden,
  path: string,
): Promise<{ worst: number; compared: number }> {
  const model = await loadModel(path, { threads: 2 });
  const capture = model.sites
    .map(({ site }) => site)
    .filter((site) => /mlp_out|resid_post/.test(site));
  const result = await model.run(
    golden.sequences.map(({ ids }) => ids),
    { capture, logits: 'all', tokenLogProbs: true },
  );
  let [worst, compared, start] = [0, 0, 0];
  const compare = (actual: number | undefined, expected: number): void => {
    worst = Math.max(worst, Math.abs((actual ?? NaN) - expected));
    if (!Number.isFinite(actual)) worst = Infinity;
    compared++;
  };
  for (const sequence of golden.sequences) {
    const { logits, tokenLogProbs, activations } = result;
    sequence.logitPositions.forEach((position, i) =>
      golden.vocabIds.forEach((id, j) =>
        compare(
          logits?.data[(start + position) * logits.columns + id],
          sequence.logits[i]?.[j] as number,
        ),
      ),
    );
    for (const [site, values] of [
      ['hook_mlp_out', sequence.mlpOut],
      ['hook_resid_post', sequence.residPost],
    ] as const) {
      values.forEach((positions, layer) =>
        positions.forEach((units, i) => {
          const captured = activations.get(`blocks.${layer}.${site}`);
          const at = (start + (sequence.unitPositions[i] as number)) * (captured?.columns ?? NaN);
          units.forEach((unit, j) => compare(captured?.data[at + j], unit));
        }),
      );
    }
    sequence.logProbs.forEach((value, i) => compare(tokenLogProbs?.[start + i + 1], value));
    start += sequence.ids.length;
  }
  await model.dispose();
  return { worst, compared };
}

describe('the forward pass', () => {
  test.each(goldens)('of $model equals that of transformers to 1e-4', async (golden) => {
    const path = golden.model.startsWith('imdb')
      ? sharedModel(golden.model)
      : demoModel(golden.model.replace(/^demo-/, ''));
    if (!path) return;
    const { worst, compared } = await worstDifference(golden, path);
    expect(compared).toBeGreaterThan(300);
    expect(worst).toBeLessThanOrEqual(1e-4);
  });
});
