import { describe, expect, test } from '@jest/globals';
import type { PairFile, PairRecord } from '@feedprint/feedback';
import { createReplyEncoder } from '../../src/encode-pair.ts';
import {
  preparePairsToLearn,
  prepareRatingsToLearn,
  prepareTextsToLearn,
} from '../../src/finetune/prepare.ts';
import type { Prepared, ReplyPair } from '../../src/finetune/prepared.ts';
import { referenceSequences, withTask } from '../../src/finetune/tasks.ts';
import type { FinetuneMethod } from '../../src/finetune/tasks.ts';
import { letters } from './letters.ts';

const END = 46;
const encoder = createReplyEncoder({ tokenizer: letters, contextLength: 8, endToken: END });
const options = { encoder, heldOut: 0.25, seed: 1 };

const fileOf = (pairs: readonly PairRecord[]): PairFile => ({
  ...{ file: 'pairs.jsonl', sha256: '', layout: 'jsonl', skipped: [], pairs },
  ...{ count: pairs.length, ties: 0, duplicates: 0, signals: [], examples: [] },
});

const records = Array.from({ length: 8 }, (_, i) => {
  const letter = String.fromCharCode(97 + i);
  return { prompt: `p${letter}`, chosen: letter.repeat(2), rejected: 'z' };
});

const text = ({ ids, start }: ReplyPair['chosen']): string => {
  const all = Array.from(ids, (id) => String.fromCharCode(id)).join('');
  return `${all.slice(0, start)}|${all.slice(start)}`;
};
const replies = (pairs: Prepared['train']): string[] =>
  pairs.map((item) =>
    text('chosen' in item ? item.chosen : 'sequence' in item ? item.sequence : item),
  );

describe('pairs to learn from', () => {
  test('have their prompts apart, and end with the end token', () => {
    const { train, heldOut } = preparePairsToLearn(fileOf(records), options);
    expect([train.length, heldOut.length]).toEqual([6, 2]);
    expect([...replies(train), ...replies(heldOut)].sort()).toEqual(
      records.map(({ prompt, chosen }) => `${prompt}|${chosen}.`),
    );
  });

  test('are held out by the seed, or by the split that their file names', () => {
    const heldOut = (seed: number): string[] =>
      replies(preparePairsToLearn(fileOf(records), { ...options, seed }).heldOut);
    expect(heldOut(1)).toEqual(heldOut(1));
    expect([2, 3, 4].map(heldOut)).not.toEqual([heldOut(1), heldOut(1), heldOut(1)]);
    const split = records.map((record, i) => ({ ...record, split: i < 5 ? 'train' : 'test' }));
    const named = preparePairsToLearn(fileOf(split), options);
    expect(replies(named.heldOut)).toEqual(['pf|ff.', 'pg|gg.', 'ph|hh.']);
  });

  test('are refused where no reply has a token after another', () => {
    const empty = fileOf([{ prompt: 'p', chosen: '', rejected: '' }]);
    const none = {
      ...options,
      encoder: createReplyEncoder({ tokenizer: letters, contextLength: 8 }),
    };
    expect(() => preparePairsToLearn(empty, none)).toThrow(/pairs\.jsonl holds nothing/);
  });
});

test('texts are cut to the context, and end with the end token unless they are cut', () => {
  const texts = { ...fileOf([]), texts: ['abc', 'abcdefghijk', 'a'] };
  const { train } = prepareTextsToLearn(texts, { ...options, heldOut: 0 });
  expect(replies(train)).toEqual(['a|bc.', 'a|bcdefgh', 'a|.']);
});

describe('labelled replies', () => {
  const ratings = ['good', 'poor'].map((reply, i) => ({
    ...{ prompt: 'p', reply, rating: 1 - i, label: i === 0 },
  }));
  const file = { ...fileOf([]), ratings };

  test('keep their labels, and SFT learns those that are wanted', () => {
    const data = prepareRatingsToLearn(file, { ...options, heldOut: 0 });
    expect(replies(data.train)).toEqual(['p|good.', 'p|poor.']);
    withTask({ method: 'sft', data }, [], ({ items }) => expect(items).toHaveLength(1));
    withTask({ method: 'kto', data }, [-1, -2, -3, -4], ({ items }) =>
      expect(items).toMatchObject([
        { desirable: true, reference: -1, mismatchedReference: -2 },
        { desirable: false, reference: -3, mismatchedReference: -4 },
      ]),
    );
    expect(() => referenceSequences({ method: 'dpo', data })).toThrow(/was given ratings/);
  });

  test('are refused where a file has scores alone', () => {
    const scored = { ...file, ratings: ratings.map(({ label: _, ...rating }) => rating) };
    expect(() => prepareRatingsToLearn(scored, options)).toThrow(/without saying which are wanted/);
  });
});

describe('what a method learns from', () => {
  const data = preparePairsToLearn(fileOf(records.slice(0, 4)), options);
  const items = (method: FinetuneMethod): readonly unknown[] => {
    const count = referenceSequences({ method, data }).length;
    const numbers = Array.from({ length: count }, (_, i) => i);
    return withTask({ method, data }, numbers, (task) => [...task.items, ...task.heldOut]);
  };

  test('has each reply beside its own reference', () => {
    const pairs = items('dpo') as { reference: object }[];
    expect(pairs.map(({ reference }) => reference)).toEqual(
      [0, 2, 4, 6].map((i) => ({ chosen: i, rejected: i + 1 })),
    );
    expect(items('sft')).toHaveLength(4);
    expect(referenceSequences({ method: 'sft', data })).toEqual([]);
  });

  test('by KTO, has each prompt with a reply to another too', () => {
    const labelled = items('kto') as {
      sequence: ReplyPair['chosen'];
      mismatched: ReplyPair['chosen'];
      desirable: boolean;
      reference: number;
      mismatchedReference: number;
    }[];
    expect(labelled).toHaveLength(8);
    labelled.forEach(({ sequence, mismatched, desirable, ...numbers }, i) => {
      const [prompt, reply] = text(sequence).split('|');
      const [alsoPrompt, other] = text(mismatched).split('|');
      expect(alsoPrompt).toBe(prompt);
      // The only held-out pair has no other.
      expect([other !== reply || !desirable || i >= 6, desirable]).toEqual([true, i % 2 === 0]);
      expect(numbers).toEqual({ reference: 2 * i, mismatchedReference: 2 * i + 1 });
    });
  });

  test('is refused for texts, unless it is learned by SFT', () => {
    const texts: Prepared = { kind: 'texts', train: [{ ids: [1, 2], start: 1 }], heldOut: [] };
    expect(() => referenceSequences({ method: 'dpo', data: texts })).toThrow(/learns from pairs/);
  });
});
