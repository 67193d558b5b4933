import { FeedprintError } from '@feedprint/core';
import type { Reply } from '@feedprint/core';
import { feedbackSignalConformance } from '@feedprint/core/testing';
import { describe, expect, test } from '@jest/globals';
import type { RewardModelOptions } from '../src/index.ts';
import { createRewardModelSignal } from '../src/index.ts';
import { createFakeClassifier } from './fake-classifier.ts';

const text = (reply: string, prompt = ''): Reply => ({ prompt, reply });
const long = text(' a b c a b c a b c');

describe('reward model signal', () => {
  const make = () =>
    createRewardModelSignal(createFakeClassifier(), { label: 'last', truncate: 'left' });
  for (const { name, run } of feedbackSignalConformance(make, [text(' a b'), text('c', 'b')]))
    test(name, run);
});

describe('a reward model', () => {
  test('scores prompt and reply as one text with its special tokens, by the label that is named', async () => {
    const model = createFakeClassifier();
    const examples = [text(' b c', 'a'), text(' b')];
    expect(await createRewardModelSignal(model, { label: 'last' }).score(examples)).toEqual([3, 2]);
    expect(await createRewardModelSignal(model, { label: 0 }).score(examples)).toEqual([4, 2]);
    expect(model.passes[0]).toContainEqual([0, 4, 2, 3]);
  });

  test('scores the same wherever the space between prompt and reply is', async () => {
    const signal = createRewardModelSignal(createFakeClassifier(), { label: 'last' });
    const [before, after] = await signal.score([text('b c', 'a '), text(' b c', 'a')]);
    expect(before).toBe(after);
  });

  test('with one score needs no label', async () => {
    const model = createFakeClassifier(['reward']);
    expect(await createRewardModelSignal(model).score([text(' a b')])).toEqual([3]);
  });

  test('takes texts as another encoding has them, and has no score for one without tokens', async () => {
    const model = createFakeClassifier(['reward']);
    const encode = ({ prompt, reply }: Reply) => Array.from(prompt + reply, () => 1);
    const examples = [text('', ''), text('xy', 'z')];
    expect(await createRewardModelSignal(model, { encode }).score(examples)).toEqual([
      undefined,
      3,
    ]);
  });

  test('runs texts in batches of like length and gives the scores in their order', async () => {
    const model = createFakeClassifier(['reward']);
    const examples = [text(' a b c'), text(' a'), text(' a b'), text(' b')];
    const signal = createRewardModelSignal(model, { batchPositions: 6 });
    expect(await signal.score(examples)).toEqual([4, 2, 3, 2]);
    expect(model.passes.map((rows) => rows.map(({ length }) => length))).toEqual([
      [2, 2],
      [3],
      [4],
    ]);
  });

  test.each<[string, RewardModelOptions, number[]]>([
    ['beginning', { truncate: 'left' }, [0, 3, 1, 2, 3, 1, 2, 3]],
    ['end', { truncate: 'right' }, [0, 1, 2, 3, 1, 2, 3, 1]],
    ['end, to fewer tokens', { truncate: 'right', maxTokens: 3 }, [0, 1, 2]],
    ['all but a special token', { truncate: 'right', maxTokens: 1 }, [0]],
  ])('cuts the %s of long texts if it is told to', async (_, options, row) => {
    const model = createFakeClassifier(['reward']);
    await createRewardModelSignal(model, options).score([long]);
    expect(model.passes).toEqual([[row]]);
  });

  test('cuts inside special tokens at both ends', async () => {
    const model = createFakeClassifier(['reward']);
    const encode = () => [0, 1, 2, 3, 1, 2, 3, 1, 2, 0];
    await createRewardModelSignal(model, { encode, truncate: 'left' }).score([long]);
    expect(model.passes).toEqual([[[0, 3, 1, 2, 3, 1, 2, 0]]]);
  });
});

async function codeOf(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    if (FeedprintError.is(error)) return `${error.code}: ${error.message}`;
  }
  return 'no error';
}

test.each<[string, RegExp, () => unknown]>([
  [
    'a language model',
    /^checkpoint-unsupported: fake predicts tokens/,
    () => {
      const { labels: _labels, ...info } = createFakeClassifier().info;
      return createRewardModelSignal({ ...createFakeClassifier(), info });
    },
  ],
  [
    'no label where there are several',
    /^config-invalid: .*name one of its labels, 0 length, 1 last/,
    () => createRewardModelSignal(createFakeClassifier()),
  ],
  ...(['worst', 2, -1, 0.5] as const).map((label): [string, RegExp, () => unknown] => [
    `the label ${label}`,
    new RegExp(`^config-invalid: .*called ${label}`),
    () => createRewardModelSignal(createFakeClassifier(), { label }),
  ]),
  ...[0, 1.5, 9].map((maxTokens): [string, RegExp, () => unknown] => [
    `${maxTokens} tokens`,
    /^config-invalid: maxTokens is/,
    () => createRewardModelSignal(createFakeClassifier(), { label: 0, maxTokens }),
  ]),
  [
    'a text beyond the context',
    /^texts-invalid: text 2 has 10 tokens, fake accepts 8/,
    () => createRewardModelSignal(createFakeClassifier(['reward'])).score([text(' a'), long]),
  ],
  [
    'a score that is no number',
    /^numbers-invalid: fake scores text 2 as NaN/,
    () => {
      const model = createFakeClassifier(['reward']);
      const run: typeof model.run = async (rows, request) => {
        const result = await model.run(rows, request);
        result.logits?.data.fill(NaN, 1);
        return result;
      };
      return createRewardModelSignal({ ...model, run }).score([text(' a'), text(' b')]);
    },
  ],
])('refuses %s', async (_, says, call) => {
  expect(await codeOf(call)).toMatch(says);
});
