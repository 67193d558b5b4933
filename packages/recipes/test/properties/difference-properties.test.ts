import { createRandom, matrix } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import { propertyConformance } from '@feedprint/core/testing';
import { describe, expect, test } from '@jest/globals';
import { createReplyEncoder, differenceProperties } from '../../src/index.ts';

const words = ['<s>', ...'the film was good bad ! ? and'.split(' ')];
const width = words.length;
const site = 'blocks.0.hook_resid_post';

/** A model whose activation after its only block tells which token it sees. */
const model = {
  name: 'one-hot',
  fingerprint: 'one-hot',
  info: {
    architecture: 'fake',
    layers: 1,
    width,
    vocabularySize: width,
    contextLength: 32,
  },
  tokenizer: {
    vocabularySize: width,
    specialIds: new Set([0]),
    fingerprint: 'words',
    encode: (text: string) => [
      0,
      ...text
        .split(/\s+/)
        .map((word) => words.indexOf(word))
        .filter((id) => id > 0),
    ],
    decode: (ids: readonly number[]) => ids.map((id) => words[id]).join(' '),
    tokenText: (id: number) => ` ${words[id]}`,
  },
  sites: [{ site, width, layer: 0 }],
  run: async (rows: readonly ArrayLike<number>[]) => {
    const ids = rows.flatMap((row) => Array.from(row));
    const activations = matrix(ids.length, width);
    ids.forEach((id, position) => (activations.data[position * width + id] = 1));
    return { activations: new Map([[site, activations]]) };
  },
} as unknown as LanguageModel;

const encoder = createReplyEncoder({ tokenizer: model.tokenizer, contextLength: 32 });
const random = createRandom(4);
const reply = (marks: number, judgement: string) =>
  [' the film was', judgement, ...Array.from({ length: marks }, () => '!')].join(' ');
const pairs = Array.from({ length: 400 }, (_, i) => ({
  prompt: `${['the', 'and', 'was'][i % 3]} ${i}`,
  chosen: reply(random.integer(4), random.integer(2) === 0 ? 'good' : 'bad'),
  rejected: reply(random.integer(4), random.integer(2) === 0 ? 'good' : 'bad'),
}));

const learn = () =>
  differenceProperties({
    model,
    encoder,
    pairs,
    random: createRandom(2),
    sae: { features: 4, active: 2, prefixes: [2, 4], learningRate: 1e-2, batch: 64 },
  });
const found = await learn();

describe('the features of differences', () => {
  test('are learned from half of the prompts, the same again', async () => {
    expect(found.unseen).toHaveLength(200);
    expect(found.properties).toHaveLength(4);
    expect((await learn()).sae).toEqual(found.sae);
  });

  test('explain how replies differ, and one of them rises with the marks', async () => {
    expect(found.sae.error).toBeLessThan(0.1);
    const replies = [0, 1, 2, 3].map((marks) => ({ prompt: 'the', reply: reply(marks, 'good') }));
    const measured = await Promise.all(found.properties.map(({ measure }) => measure(replies)));
    const rises = measured.map((values) =>
      Math.abs(
        values
          .slice(1)
          .reduce((sum, value, i) => sum + Math.sign(value - (values[i] as number)), 0),
      ),
    );
    expect(Math.max(...rises)).toBe(3);
  });

  test('differ between two replies by their activation on the difference', async () => {
    const [a, b] = ['the film was good ! ! !', 'the film was bad'];
    const difference = new Float64Array(width);
    for (const [text, sign] of [
      [a, 1],
      [b, -1],
    ] as const) {
      const ids = text.split(' ').map((word) => words.indexOf(word));
      for (const id of ids) difference[id] = (difference[id] as number) + sign / ids.length;
    }
    const { wEnc } = found.sae.weights;
    const ratios: number[] = [];
    for (const [j, property] of found.properties.entries()) {
      const [x = NaN, y = NaN] = await property.measure([
        { prompt: 'and', reply: ` ${a}` },
        { prompt: 'and', reply: ` ${b}` },
      ]);
      const along = difference.reduce((sum, d, i) => sum + d * (wEnc[j * width + i] as number), 0);
      ratios.push((x - y) / along);
    }
    // One scale for all features, that of the differences that they were learned from.
    for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0] as number, 5);
  });
});

describe('a feature of differences', () => {
  const make = () => found.properties[0] as (typeof found.properties)[number];
  const replies = [0, 3].map((marks) => ({ prompt: 'the', reply: reply(marks, 'bad') }));
  for (const check of propertyConformance(make, replies)) test(check.name, check.run);
});
