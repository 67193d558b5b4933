import { describe, expect, test } from '@jest/globals';
import { loadModel } from '../../src/index.ts';
import { worstDifference } from './compare.ts';
import { golden, goldenNames, writeGoldenClassifier } from './golden-checkpoint.ts';

const classifiers = goldenNames
  .map((name) => [name, golden(name)] as const)
  .filter(([, { classifier }]) => classifier !== undefined);

describe.each(classifiers)('a classifier on %s', (_, model) => {
  test('gives the scores that transformers gives after the last token', async () => {
    const loaded = await loadModel(writeGoldenClassifier(model), { threads: 1 });
    const { logits } = await loaded.run(
      model.rows.map(({ ids }) => ids),
      { logits: 'last' },
    );
    const scores = model.classifier?.scores.flat() ?? [];
    expect(worstDifference(logits?.data, scores)).toBeLessThanOrEqual(1e-4);
    expect(loaded.info.labels).toEqual(
      Object.values(model.classifier?.config.id2label ?? ['no labels']),
    );
    await loaded.dispose();
  });
});

test('classifiers of all twelve architectures are tested', () => {
  expect(new Set(classifiers.map(([, { config }]) => config.model_type)).size).toBe(12);
});
