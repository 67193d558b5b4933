import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import type { ChatModel, LanguageModel, Tokenizer } from '@feedprint/core';
import { createFunctionSignal } from '@feedprint/feedback';
import { chooseFeedback } from '../../../src/audit/defaults/choose-feedback.ts';
import type { FeedbackOptions } from '../../../src/audit/defaults/choose-feedback.ts';
import { readTold } from '../../../src/audit/defaults/read-told.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { createFakeModel } from '../support/fake-model.ts';

let folder: string;
const asked: string[] = [];
const chat: ChatModel = {
  name: 'chat',
  complete: async (messages, schema) => {
    asked.push(...messages.map(({ content }) => content));
    return schema.parse({ score: 4 });
  },
};
const options: FeedbackOptions = {
  openJudge: () => chat,
  openModel: (name) => Promise.resolve(createFakeModel(name, {})),
};

beforeAll(async () => {
  folder = await temporaryFolder();
});

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('feedback by its name', () => {
  test('is a lexicon, of words', async () => {
    const lexicon = await file('lexicon.json', '{"good": 2, "bad": -1}');
    const lines = await file('lexicon.txt', 'good\t2\nbad\t-1\n');
    for (const name of ['vader', lexicon, lines]) {
      const { words, replies } = await chooseFeedback(name, options);
      expect([await words?.signal.score([' good', ' bad']), replies]).toEqual([
        name === 'vader' ? [1.9, -2.5] : [2, -1],
        undefined,
      ]);
    }
  });

  test('is a file of rated replies, told from a lexicon by what it holds', async () => {
    const row = (reply: string, score: number) => JSON.stringify({ prompt: 'a', reply, score });
    const path = await file('scores', `${row('b', 1)}\n${row('c', -1)}\n`);
    const { words, replies } = await chooseFeedback(path, options);
    expect(words).toBeUndefined();
    expect(replies).toMatchObject({ name: 'scores', settings: { sha256: expect.any(String) } });
    expect(await replies?.score([{ prompt: 'a', reply: 'c' }])).toEqual([-1]);
  });

  test('is scores of pairs by their ids, from a file of their own', async () => {
    const row = (id: number | string) =>
      JSON.stringify({ id, score_chosen: 2, score_rejected: -1 });
    const path = await file('pairs.jsonl', `${row('a')}\n${row(7)}\n`);
    const { replies } = await chooseFeedback(path, options);
    const of = (pair: string, side: 'chosen' | 'rejected') => ({
      prompt: '',
      reply: 'x',
      pair,
      side,
    });
    expect(replies?.byPair).toBe(true);
    expect(
      await replies?.score([of('a', 'chosen'), of('7', 'rejected'), of('8', 'chosen')]),
    ).toEqual([2, -1, undefined]);
    const twice = await file('twice.jsonl', `${row(7)}\n${row(7)}\n`);
    await expect(chooseFeedback(twice, options)).rejects.toMatchObject({ code: 'config-invalid' });
  });

  test('is a judge, with its rubric in its settings, from a file too', async () => {
    const path = await file('rubric.md', 'Kind replies are good.\n');
    for (const rubric of [path, 'Kind replies are good.']) {
      const { replies } = await chooseFeedback('judge', { ...options, rubric });
      expect(replies).toMatchObject({
        name: 'judge:chat',
        settings: { rubric: 'Kind replies are good.', range: [1, 5] },
      });
      expect(await replies?.score([{ prompt: 'a', reply: 'b' }])).toEqual([4]);
    }
    expect(asked.join()).toContain('Kind replies are good.');
  });

  test('is a signal of VADER on whole replies, or a function from code', async () => {
    const { replies } = await chooseFeedback('vader-text', options);
    const [score] = (await replies?.score([{ prompt: '', reply: 'a good film' }])) ?? [];
    expect(score).toBeGreaterThan(0);
    const length = createFunctionSignal({
      name: 'length',
      granularity: 'sequence',
      range: [0, 99],
      score: ({ reply }) => reply.length,
    });
    const found = await chooseFeedback(length, options);
    expect(await found.replies?.score([{ prompt: '', reply: 'four' }])).toEqual([4]);
  });

  test('is a reward model, which reads conversations by its own chat template', async () => {
    const read: string[] = [];
    const tokenizer: Partial<Tokenizer> = {
      chatTemplate: () => ({
        fingerprint: 'brackets',
        render: (turns) => turns.map(({ role, content }) => `<${role}>${content}</>`).join(''),
      }),
      encode: (text, { special } = {}) => {
        read.push(`${special} ${text}`);
        return [1];
      },
    };
    const model: LanguageModel = {
      ...createFakeModel('reward', {}, { tokenizer, info: { labels: ['reward'] } }),
      run: async (rows) => ({ activations: new Map(), logits: matrix(rows.length, 1) }),
    };
    const openModel = () => Promise.resolve(model);
    const { replies } = await chooseFeedback('reward-model:reward', { ...options, openModel });
    expect(replies?.settings).toMatchObject({
      fingerprint: model.fingerprint,
      template: 'template brackets',
    });
    const turns = [{ role: 'user', content: 'hi' }];
    await replies?.score([
      { prompt: '\n\nHuman: hi\n\nAssistant:', reply: ' ho', turns },
      { prompt: 'plain', reply: ' text' },
    ]);
    expect(read).toEqual(['false <user>hi</><assistant>ho</>', 'true plain text']);
  });

  test.each([
    ['a reward model without a name', () => 'reward-model:', 'config-invalid'],
    ['a model that scores nothing', () => 'reward-model:lm', 'checkpoint-unsupported'],
    ['records that rate no reply', () => file('none.jsonl', '{"a": 1}\n'), 'config-invalid'],
    ['a file that is not there', () => join(folder, 'nowhere'), 'config-invalid'],
  ])('refuses %s', async (_, name, code) => {
    await expect(chooseFeedback(await name(), options)).rejects.toMatchObject({ code });
  });
});

describe('what was told of properties', () => {
  test('is directions by their names, from an object or a file', async () => {
    const told = { exclamation: '+', length: '0', hedges: '-' } as const;
    const read = await readTold(told);
    expect([...read]).toEqual([
      ['exclamation', 1],
      ['length', 0],
      ['hedges', -1],
    ]);
    expect(await readTold(await file('told.json', JSON.stringify(told)))).toEqual(read);
  });

  test.each([
    ['a property that nobody measures', '{"sparkle": "+"}', /"sparkle".* exclamation/],
    ['another direction', '{"length": "up"}', /wrong at length/],
    ['no JSON', 'length +', /JSON/],
  ])('refuses %s', async (_, text, said) => {
    const path = await file('wrong.json', text);
    await expect(readTold(path)).rejects.toMatchObject({ code: 'config-invalid' });
    await expect(readTold(path)).rejects.toThrow(
      expect.objectContaining({ remedy: expect.any(String) }),
    );
    const error = (await readTold(path).catch((thrown: unknown) => thrown)) as Error & {
      remedy: string;
    };
    expect(`${error.message}; ${error.remedy}`).toMatch(said);
  });
});
