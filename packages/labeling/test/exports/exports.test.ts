import { describe, expect, test } from '@jest/globals';
import {
  fromDelphiFile,
  toDelphiFiles,
  toNeuronRecord,
  toNeuronpediaBatches,
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
