import { describe, expect, test } from '@jest/globals';
import {
  createOfflineLabeler,
  fromDelphiFile,
  fromNeuronRecord,
  fromNeuronpedia,
  toDelphiFiles,
  toNeuronRecord,
  toNeuronpediaBatches,
  toNeuronpediaBulk,
  withGivenLabels,
} from '../../src/index.ts';
import { activationStatistics } from '../../src/evidence/activation-statistics.ts';
import { plantedDictionary } from '../evidence/planted-dictionary.ts';

const dictionary = plantedDictionary({ features: 3, texts: 200 });
const features = dictionary.map(({ evidence }, i) => ({
  evidence: { ...evidence, id: `blocks.4.hook_mlp_out/${i + 7}` },
  label: i === 2 ? null : `label ${i}`,
  labeler: 'offline',
}));

test('statistics are those of scipy', () => {
  // numpy: x.mean(), x.var(); scipy.stats: skew(x), kurtosis(x, fisher=False).
  const found = activationStatistics([Float32Array.of(0, 0, 1, 2), Float32Array.of(0, 5, 0, 0)]);
  expect(found).toMatchObject({ tokens: 8, density: 3 / 8, mean: 1, variance: 2.75 });
  expect(found.skewness).toBeCloseTo(1.6446073340605287, 8);
  expect(found.kurtosis).toBeCloseTo(4.330578512396694, 8);
  const silent = activationStatistics([new Float32Array(3)]);
  expect(silent).toMatchObject({ mean: 0, skewness: null, kurtosis: null });
});

describe('a feature in the format', () => {
  test('of OpenAI has its place, its windows by strength and its moments', () => {
    const record = toNeuronRecord(features[0] as (typeof features)[0]);
    expect(record.neuron_id).toEqual({ layer_index: 4, neuron_index: 7 });
    const peaks = record.most_positive_activation_records.map(({ activations }) =>
      Math.max(...activations),
    );
    expect(peaks).toHaveLength(12);
    expect(peaks).toEqual([...peaks].sort((a, b) => b - a));
    expect(record.mean).toBeGreaterThan(0);
    for (const { tokens, activations } of record.random_sample) {
      expect(tokens).toHaveLength(activations.length);
    }
  });

  test('of Neuronpedia goes in batches of 128 at most', () => {
    const many = Array.from({ length: 130 }, (_, i) => features[i % 3] as (typeof features)[0]);
    const batches = toNeuronpediaBatches(many, { modelId: 'm', source: '4-mlp' });
    expect(batches.map((batch) => batch.features.length)).toEqual([128, 2]);
    const [first, , third] = batches[0]?.features ?? [];
    expect(first).toMatchObject({
      index: 7,
      explanations: [{ text: 'label 0', methodName: 'feedprint', modelName: 'offline' }],
    });
    expect(first?.density).toBeGreaterThan(0);
    expect(third?.explanations).toEqual([]);
  });

  test('of delphi can be read again, and what delphi could not parse is none', () => {
    const files = toDelphiFiles(features);
    expect(files.map(({ name }) => name)).toEqual([
      'blocks.4.hook_mlp_out_latent7.txt',
      'blocks.4.hook_mlp_out_latent8.txt',
    ]);
    expect(files.map(({ name, content }) => fromDelphiFile(name, content))).toEqual([
      { id: 'blocks.4.hook_mlp_out/7', label: 'label 0' },
      { id: 'blocks.4.hook_mlp_out/8', label: 'label 1' },
    ]);
    for (const content of ['"Explanation could not be parsed."', '""', '{', '3']) {
      expect(fromDelphiFile('x_latent1.txt', content)).toBeUndefined();
    }
    expect(fromDelphiFile('notes.txt', '"x"')).toBeUndefined();
  });
});

describe('what others have written', () => {
  test('a neuron record is evidence of which no part serves two purposes', () => {
    const written = toNeuronRecord(features[0] as (typeof features)[0]);
    const read = fromNeuronRecord(JSON.parse(JSON.stringify(written)));
    expect(read?.id).toBe('4/7');
    expect(read?.maxActivation).toBeGreaterThan(0);
    const kinds = [
      read?.top,
      read?.heldOutActive,
      read?.selection?.active,
      read?.heldOutSilent,
      read?.contrast,
      read?.selection?.silent,
    ].map((windows = []) => windows.map((window) => JSON.stringify(window.tokens)));
    for (const windows of kinds) expect(windows.length).toBeGreaterThan(1);
    const all = kinds.flat();
    expect(new Set(all).size).toBe(all.length);
    const { heldOutActive = [], heldOutSilent = [] } = read ?? {};
    const isActive = (activations: readonly number[]) => activations.some((value) => value > 0);
    expect(heldOutActive.every(({ activations }) => isActive(activations))).toBe(true);
    expect(heldOutSilent.some(({ activations }) => isActive(activations))).toBe(false);
    expect(fromNeuronRecord({ neuron_id: {} })).toBeUndefined();
  });

  test('labels of Neuronpedia are read from an export, an answer and a batch', () => {
    const bulk = toNeuronpediaBulk(features, { modelId: 'm', source: '4-mlp' });
    expect(bulk.map(({ name }) => name)).toEqual([
      'm/4-mlp/release.jsonl',
      'm/4-mlp/model.jsonl',
      'm/4-mlp/sourceset.jsonl',
      'm/4-mlp/source.jsonl',
      'm/4-mlp/features/batch-0.jsonl.gz',
      'm/4-mlp/activations/batch-0.jsonl.gz',
      'm/4-mlp/explanations/batch-0.jsonl.gz',
    ]);
    const own = [
      { layer: 4, index: 7, label: 'label 0' },
      { layer: 4, index: 8, label: 'label 1' },
    ];
    expect(bulk.at(-1)?.lines.flatMap(fromNeuronpedia)).toEqual(own);
    const batches = toNeuronpediaBatches(features, { modelId: 'm', source: '4-mlp' });
    expect(batches.flatMap(fromNeuronpedia)).toEqual(own);
    const answer = {
      layer: 'x',
      index: '3',
      explanations: [{ description: ' ' }, { description: 'b' }],
    };
    expect(fromNeuronpedia(answer)).toEqual([{ index: 3, label: 'b' }]);
    expect(fromNeuronpedia({ index: 3 })).toEqual([]);
    const [feature] = bulk[4]?.lines ?? [];
    expect(feature).toMatchObject({
      modelId: 'm',
      layer: '4-mlp',
      index: '7',
      sourceSetName: 'mlp',
    });
    for (const line of bulk[5]?.lines ?? []) {
      const { values, maxValue, maxValueTokenIndex } = line as {
        values: number[];
        maxValue: number;
        maxValueTokenIndex: number;
      };
      expect(values[maxValueTokenIndex]).toBe(maxValue);
    }
  });

  test("labels are scored as one would score one's own, each on the feature that it is of", async () => {
    const words = (i: number): string =>
      `the words ${(dictionary[i]?.words ?? []).map((w) => JSON.stringify(w)).join()}`;
    const labeler = withGivenLabels(createOfflineLabeler(), [
      { layer: 4, index: 7, label: words(0) },
      { site: 'blocks.4.hook_mlp_out', index: 8, label: words(0) },
      { layer: 3, index: 9, label: words(2) },
    ]);
    const scores = await Promise.all(
      features.map(async ({ evidence }) => {
        const label = await labeler.explain(evidence);
        return label === undefined ? undefined : labeler.score(label, evidence);
      }),
    );
    expect(scores[0]?.balancedAccuracy).toBeGreaterThan(0.9);
    expect(Math.abs((scores[1]?.balancedAccuracy ?? NaN) - 0.5)).toBeLessThan(0.2);
    expect(scores[2]).toBeUndefined();
    expect(labeler.settings).not.toEqual(withGivenLabels(createOfflineLabeler(), []).settings);
  });
});
