import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { matrix, row } from '@feedprint/core';
import type { LanguageModel, Matrix } from '@feedprint/core';
import type { EstimationInput, FeatureEstimator } from '@feedprint/probe';
import type { AuditParts } from '../../src/audit/parts.ts';
import { runEstimates } from '../../src/audit/run-estimates.ts';
import type { AuditSettingsInput } from '../../src/audit/settings.ts';
import { temporaryFolder, tickingClock } from '../temporary-folder.ts';
import { createFakeModel, fakeTokenizer, pushed } from './support/fake-model.ts';
import { createFakeParts } from './support/fake-parts.ts';

/*
 * What the paper's released code got wrong about estimates, one test each that fails if we made the mistake; by the numbers
 * of decision 10. Those on features are in released-mistakes-features.test.ts, those of statistics and probes in
 * packages/probe/test/released-mistakes.test.ts, padded batches (11) in packages/activations/test/released-mistakes.test.ts.
 */

const lines = ['the film was good', 'the plot was bad plot', 'nice film great plot', 'good good'];

/** An estimator that keeps what it is given. */
function createRecorder(): FeatureEstimator & { readonly inputs: EstimationInput[] } {
  const inputs: EstimationInput[] = [];
  return {
    name: 'recorder',
    settings: {},
    reads: 'features',
    inputs,
    estimate(input) {
      inputs.push(input);
      return {
        estimator: 'recorder',
        description: '',
        estimates: input.words.map(({ estimate }) => estimate),
        intervals: input.words.map(() => null),
        n: input.words.map(() => 1),
      };
    },
    controls: () => [],
  };
}

/** The fake models, of which the base's activations are multiplied by ten and the tuned one's by a hundred. */
function scaled(model: LanguageModel, by: number): LanguageModel {
  return {
    ...model,
    async run(rows, request) {
      const result = await model.run(rows, request);
      const times = (m: Matrix): Matrix =>
        matrix(
          m.rows,
          m.columns,
          m.data.map((v) => by * v),
        );
      return {
        ...result,
        activations: new Map([...result.activations].map(([site, m]) => [site, times(m)])),
      };
    },
  };
}

const loadModel: AuditParts['loadModel'] = (_, role) =>
  Promise.resolve(
    role === 'base'
      ? scaled(createFakeModel('base', {}), 10)
      : scaled(createFakeModel('tuned', pushed), 100),
  );

async function inputOf(
  parts: Partial<AuditParts>,
  {
    texts = lines,
    settings = {},
  }: { texts?: readonly string[]; settings?: AuditSettingsInput } = {},
): Promise<EstimationInput> {
  const recorder = createRecorder();
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'texts.txt'), texts.join('\n'));
  await runEstimates({
    base: 'base',
    tuned: 'tuned',
    texts: join(folder, 'texts.txt'),
    out: join(folder, 'run'),
    parts: createFakeParts({ estimators: [recorder], ...parts }),
    settings: { widths: [1, 2], ...settings },
    question: 'is it about praise?',
    version: '1.2.3',
    now: tickingClock(),
  });
  return recorder.inputs[0] as EstimationInput;
}

describe('mistake 2: features of the tuned model', () => {
  test("are those of its own activations, and the base's of the base's", async () => {
    const { features, activations, contrast } = await inputOf({ loadModel });
    // Unit 0 is 1 at every token.
    expect(row(features.tuned, 0)[0]).toBe(100);
    expect(row(features.base, 0)[0]).toBe(10);
    expect(row(activations.tuned, 0)[0]).toBe(100);
    expect(row(activations.base, 0)[0]).toBe(10);
    expect(contrast.tuned.features.data[0]).toBe(100);
    expect(contrast.base.features.data[0]).toBe(10);
    expect(contrast.tuned.distance[0]).toBeCloseTo(100 * Math.SQRT2, 4);
    expect(contrast.base.distance[0]).toBeCloseTo(10 * Math.SQRT2, 4);
  });
});

describe('mistake 11: means of features', () => {
  test('are over the words that stand there: other texts, longer or shorter, change nothing', async () => {
    // The deeper a token stands, the larger its unit 3; padding would stand deepest.
    const deep: AuditParts['loadModel'] = async (name, role) => {
      const model = await loadModel(name, role);
      return {
        ...model,
        async run(rows, request) {
          const result = await model.run(rows, request);
          const position = rows.flatMap((ids) => Array.from(ids, (_, p) => p));
          for (const x of result.activations.values()) {
            position.forEach((p, i) => (x.data[i * x.columns + 3] = p));
          }
          return result;
        },
      };
    };
    const alone = await inputOf({ loadModel: deep }, { texts: ['the film was good', 'bad plot'] });
    const among = await inputOf(
      { loadModel: deep },
      {
        texts: [
          'the film was good',
          'bad plot',
          'the film the plot the film the plot was the',
          'the film',
        ],
      },
    );
    expect(Array.from(alone.activations.tuned.data)).toEqual(
      Array.from(among.activations.tuned.data),
    );
    // "good" is the fourth token, "bad" the first.
    expect([row(among.activations.tuned, 0)[3], row(among.activations.tuned, 1)[3]]).toEqual([
      3, 0,
    ]);
  });

  test('leave special tokens out, though they stand in the texts', async () => {
    const sampled: Int32Array[] = [];
    const { activations: stores } = createFakeParts();
    const watched: AuditParts['activations'] = {
      ...stores,
      async create(folder, sites) {
        const writer = await stores.create(folder, sites);
        return {
          ...writer,
          append: (rows) => {
            if (folder.endsWith('-sample')) sampled.push(rows.token);
            return writer.append(rows);
          },
        };
      },
    };
    const tokenizer = {
      ...fakeTokenizer,
      // Every text ends in the special token 0.
      encode: (text: string, options: { maxTokens?: number } = {}) =>
        [...fakeTokenizer.encode(text, {}), 0].slice(0, options.maxTokens),
    };
    const special: AuditParts['loadModel'] = async (name, role) => ({
      ...(await loadModel(name, role)),
      tokenizer,
    });
    await inputOf({ loadModel: special, activations: watched });
    const tokens = sampled.flatMap((one) => Array.from(one));
    expect(tokens.length).toBeGreaterThan(20);
    expect(tokens).not.toContain(0);
  });
});

describe('mistake 12: an estimator that fails', () => {
  test('fails the run, rather than leaving its figure out', async () => {
    const failing: FeatureEstimator = {
      name: 'failing',
      settings: {},
      reads: 'features',
      controls: () => [],
      estimate: () => {
        throw new TypeError('missing file');
      },
    };
    await expect(inputOf({ estimators: [failing] })).rejects.toThrow('missing file');
  });
});

describe('mistake 14: the base-model control', () => {
  test("is given the base model's features, not the tuned model's", async () => {
    const same = await inputOf({ loadModel });
    const other = await inputOf({
      loadModel: async (name, role) => {
        const model = await loadModel(name, role);
        return role === 'base' ? scaled(model, 7) : model;
      },
    });
    expect(other.features.tuned).toEqual(same.features.tuned);
    expect(other.contrast.tuned).toEqual(same.contrast.tuned);
    expect(row(other.features.base, 0)[0]).toBe(70);
    expect(other.contrast.base.features.data[0]).toBe(70);
  });
});

describe("the paper's switches", () => {
  test('let its probe read features or reconstructions', async () => {
    // A dictionary whose reconstruction is twice its features.
    const { saeFormat } = createFakeParts();
    const doubling: AuditParts['saeFormat'] = {
      ...saeFormat,
      load: async (folder) => {
        const sae = await saeFormat.load(folder);
        const decode: typeof sae.decode = async (z) => {
          const x = await sae.decode(z);
          return matrix(
            x.rows,
            x.columns,
            x.data.map((value) => 2 * value),
          );
        };
        return { ...sae, decode };
      },
    };
    const first = async (settings: AuditSettingsInput): Promise<number | undefined> =>
      (await inputOf({ loadModel, saeFormat: doubling }, { settings })).contrast.tuned.features
        .data[0];
    expect(await first({ preset: 'default' })).toBe(100);
    expect(await first({ preset: 'paper' })).toBe(200);
    expect(await first({ preset: 'paper', probeInput: 'features' })).toBe(100);
    expect(await first({ preset: 'default', probeInput: 'reconstruction' })).toBe(200);
  });
});
