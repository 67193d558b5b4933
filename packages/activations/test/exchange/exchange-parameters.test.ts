import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { LanguageModel } from '@feedprint/core';
import { exchangeParameters, loadModel, parameterGroups } from '../../src/index.ts';
import { golden, goldenNames, writeGoldenCheckpoint } from '../architectures/golden-checkpoint.ts';
import type { GoldenCheckpointOptions } from '../architectures/golden-checkpoint.ts';
import { tinyWeights } from '../support/tiny-checkpoint.ts';
import { adaptedLogits, adaptedLogitsAdapter, writeBase } from '../support/golden-adapters.ts';

const loaded: LanguageModel[] = [];
afterAll(async () => Promise.all(loaded.map((model) => model.dispose())));

async function load(folder: string, adapter?: string): Promise<LanguageModel> {
  const model = await loadModel(folder, { threads: 1, ...(adapter !== undefined && { adapter }) });
  loaded.push(model);
  return model;
}

const rows = [[5, 9, 2, 71, 31, 0, 95, 40, 9, 63, 18], [33, 8, 1, 1, 30], [77]];

async function logitsOf(model: LanguageModel | undefined, of = rows): Promise<Float32Array> {
  const { logits } = (await model?.run(of, { logits: 'all' })) ?? {};
  return logits?.data ?? new Float32Array();
}

const otherNumbers = (name: string, shape: readonly number[]): Float32Array =>
  tinyWeights(name, shape, 1);

const namesOf = (model: LanguageModel, which: RegExp): ReadonlySet<string> =>
  new Set(
    parameterGroups(model).flatMap(({ component, names }) => (which.test(component) ? names : [])),
  );

describe.each(goldenNames)('parameters of %s exchanged', (name) => {
  const model = golden(name);
  const write = (options?: GoldenCheckpointOptions) => load(writeGoldenCheckpoint(model, options));
  const pair = async () => [await write(), await write({ numbers: otherNumbers })] as const;

  test('group by group give what a checkpoint file of the mixture gives, to the last bit', async () => {
    const [base, tuned] = await pair();
    const tied = [...base.parameters()].find(({ sameAs }) => sameAs !== undefined);
    for (const which of [/^attention$/, /^mlp$/, /norm/, /^embedding$/, /^unembedding$/]) {
      const taken = namesOf(base, which);
      // A head that is tied gets a tensor of its own, with the numbers of the one or the other's embeddings.
      const tensors = { ...model.tensors, ...(tied && { [tied.name]: tied.shape }) };
      const mixture = await write({
        tensors,
        numbers: (tensor, shape) => {
          const from = tensor === tied?.name ? (tied.sameAs as string) : tensor;
          return taken.has(tensor) ? otherNumbers(from, shape) : tinyWeights(from, shape);
        },
      });
      const wanted = await logitsOf(mixture);
      const transplanted = exchangeParameters(base, tuned, (tensor) => taken.has(tensor));
      expect(await logitsOf(transplanted)).toEqual(wanted);
      const restored = exchangeParameters(tuned, base, (tensor) => !taken.has(tensor));
      expect(await logitsOf(restored)).toEqual(wanted);
      expect(wanted).not.toEqual(await logitsOf(base));
    }
  });

  test('none or all give one of the two, and groups hold every parameter once', async () => {
    const [base, tuned] = await pair();
    const none = exchangeParameters(base, tuned, () => false);
    const all = exchangeParameters(base, tuned, () => true);
    expect(await logitsOf(none)).toEqual(await logitsOf(base));
    expect(await logitsOf(all)).toEqual(await logitsOf(tuned));
    const groups = parameterGroups(base);
    expect(groups.flatMap(({ names }) => names).sort()).toEqual(
      [...base.parameters()].map((tensor) => tensor.name).sort(),
    );
    const kinds = groups.map(({ layer, component }) => `${layer ?? ''}${component}`);
    const blocks = Array.from({ length: base.info.layers }, (_, i) =>
      ['attention', 'mlp', 'norm'].map((component) => `${i}${component}`),
    );
    expect(kinds).toEqual(['embedding', ...blocks.flat(), 'final-norm', 'unembedding']);
  });
});

// tools/golden/exchanged_parameters.py
const mixed = JSON.parse(
  readFileSync(new URL('../golden/exchanged-parameters.json', import.meta.url), 'utf8'),
) as {
  readonly rows: readonly number[][];
  readonly lastLogits: Readonly<Record<string, Readonly<Record<string, readonly number[][]>>>>;
};

test.each(Object.entries(mixed.lastLogits))(
  'has the logits that transformers gives %s of mixed parameters',
  async (name, parts) => {
    const base = await load(writeGoldenCheckpoint(golden(name)));
    const tuned = await load(writeGoldenCheckpoint(golden(name), { numbers: otherNumbers }));
    for (const [part, wanted] of Object.entries(parts)) {
      const taken = namesOf(base, new RegExp(`^${part}$`));
      const hybrid = exchangeParameters(base, tuned, (tensor) => taken.has(tensor));
      const { logits } = (await hybrid?.run(mixed.rows, { logits: 'last' })) ?? {};
      expect(logits?.data).toHaveLength(wanted.flat().length);
      wanted.flat().forEach((value, i) => expect(logits?.data[i]).toBeCloseTo(value, 4));
    }
  },
);

test('an adapter is exchanged like any tuning, also where it unties the head or adds a token', async () => {
  for (const name of ['saved-head', 'lora-embeddings', 'saved-tied', 'gpt2-square', 'grown']) {
    const folder = writeBase(
      adaptedLogits.cases[name] as NonNullable<(typeof adaptedLogits.cases)[string]>,
    );
    const [base, tuned] = [await load(folder), await load(folder, adaptedLogitsAdapter(name))];
    const of = adaptedLogits.rows.map((row) => [...row]);
    const restored = exchangeParameters(tuned, base, () => true);
    const transplanted = exchangeParameters(base, tuned, () => true);
    if (name !== 'grown') {
      expect(await logitsOf(restored, of)).toEqual(await logitsOf(base, of));
      expect(await logitsOf(transplanted, of)).toEqual(await logitsOf(tuned, of));
    } else {
      // Of the tokens that both know.
      const [a, b] = [base.info.vocabularySize, tuned.info.vocabularySize];
      expect(b).toBe(a + 1);
      const [own, back] = [await logitsOf(base, [[1, 5]]), await logitsOf(restored, [[1, 5]])];
      expect(back.slice(0, a)).toEqual(own.slice(0, a));
    }
  }
});

test('generates, and is differentiated, with what it took', async () => {
  const base = await load(writeGoldenCheckpoint(golden('gpt2')));
  const tuned = await load(writeGoldenCheckpoint(golden('gpt2'), { numbers: otherNumbers }));
  const hybrid = exchangeParameters(base, tuned, () => true);
  const sampling = { maxNewTokens: 4, temperature: 0, seed: 1 };
  expect(await hybrid?.generate([[5, 9]], sampling)).toEqual(
    await tuned.generate([[5, 9]], sampling),
  );
  const request = { sites: ['blocks.0.hook_resid_post'], targets: [[9, 2]] };
  expect(await hybrid?.gradients?.([[5, 9]], request)).toEqual(
    await tuned.gradients?.([[5, 9]], request),
  );
});

test('refuses models that are not of one kind', async () => {
  const [a, b] = [
    await load(writeGoldenCheckpoint(golden('gpt2'))),
    await load(writeGoldenCheckpoint(golden('llama'))),
  ];
  expect(() => exchangeParameters(a, b, () => true)).toThrow(
    expect.objectContaining({ code: 'models-mismatched' }) as unknown as Error,
  );
});
