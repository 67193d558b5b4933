import { describe, expect, test } from '@jest/globals';
import { row } from '@feedprint/core';
import type { LanguageModel, Matrix } from '@feedprint/core';
import { loadModel } from '../../src/index.ts';
import { adaptedLogits, adaptedLogitsAdapter, writeBase } from '../support/golden-adapters.ts';

const { rows, cases } = adaptedLogits;

async function withAdapter<T>(
  name: string,
  use: (model: LanguageModel) => Promise<T> | T,
  untrained?: { readonly seed: number },
): Promise<T> {
  const base = writeBase(cases[name] as (typeof cases)[string]);
  const model = await loadModel(base, {
    adapter: adaptedLogitsAdapter(name),
    threads: 1,
    ...(untrained && { untrained }),
  });
  try {
    return await use(model);
  } finally {
    await model.dispose();
  }
}

const lastLogits = async (model: LanguageModel): Promise<Matrix> =>
  (await model.run(rows, { logits: 'last' })).logits as Matrix;

test.each(Object.entries(cases))(
  'with the adapter %s a model computes what it does in peft, unmerged',
  async (name, { outputs }) => {
    const logits = await withAdapter(name, lastLogits);
    expect([logits.rows, logits.columns]).toEqual([rows.length, outputs[0]?.length]);
    const worst = outputs.flatMap((expected, r) =>
      Array.from(row(logits, r), (x, i) => Math.abs(x - (expected[i] ?? NaN))),
    );
    expect(Math.max(...worst)).toBeLessThan(1e-5);
  },
);

describe('an adapter', () => {
  test.each([
    ['saved-head', ['lm_head.weight']],
    ['saved-embeddings', ['lm_head.weight', 'model.embed_tokens.weight']],
    ['lora-head', ['lm_head.weight']],
  ])('%s unties what its base ties', async (name, changed) => {
    const tied = await withAdapter(name, (model) =>
      [...model.parameters()].filter(({ sameAs }) => sameAs !== undefined),
    );
    expect(changed).toContain('lm_head.weight');
    expect(tied).toEqual([]);
  });

  test('for more tokens than its base has gives the model that many', async () => {
    const { info } = await withAdapter('grown', (model) => model);
    expect(info.vocabularySize).toBe(33);
  });

  test('with a head that scores texts makes a reward model of a language model', async () => {
    const { info } = await withAdapter('reward', (model) => model);
    expect(info.labels).toEqual(['LABEL_0']);
  });

  test('of a tied head stays untied when the weights are drawn anew', async () => {
    const read = await withAdapter(
      'lora-embeddings',
      (model) => new Map([...model.parameters()].map(({ name, data }) => [name, data])),
      { seed: 1 },
    );
    expect(read.get('lm_head.weight')).not.toEqual(read.get('model.embed_tokens.weight'));
  });
});
