import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChatServer } from '@feedprint/core/testing';
import { afterAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createOpenAIChat, createRecordedChat, openAnswerFile } from '../../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'feedprint-recorded-'));
afterAll(() => rmSync(folder, { recursive: true }));

const schema = z.object({ score: z.number() });
const ask = (content: string) => [{ role: 'user' as const, content }];

describe('a recorded chat', () => {
  test('answers again what a server answered, a second request after a useless answer too', async () => {
    const answers = ['{"score":1}', 'none', '{"score":3}'];
    const server = await startChatServer((_, number) => answers[number] ?? '{"score":9}');
    const file = join(folder, 'answers.jsonl');
    const chat = createOpenAIChat({
      ...{ model: 'm', baseURL: server.baseURL, apiKey: 'k', answers: openAnswerFile(file) },
    });
    expect(await chat.complete(ask('a'), schema)).toEqual({ score: 1 });
    expect(await chat.complete(ask('b'), schema)).toEqual({ score: 3 });
    await server.close();

    const { chat: again, heard } = createRecordedChat('m', openAnswerFile(file).calls());
    expect(await again.complete(ask('b'), schema)).toEqual({ score: 3 });
    expect(await again.complete(ask('a'), schema)).toEqual({ score: 1 });
    expect(await again.complete(ask('c'), schema)).toBeUndefined();
    expect(
      heard.map(({ asked, answer }) => [asked.length, asked[0]?.content, answer.text]),
    ).toEqual([
      [1, 'b', 'none'],
      [3, 'b', '{"score":3}'],
      [1, 'a', '{"score":1}'],
    ]);
  });

  test('knows nothing of answers that were kept without what was asked', () => {
    const file = join(folder, 'old.jsonl');
    openAnswerFile(file).set('k', { text: '{}', usage: { input: 1, output: 1 } });
    expect(openAnswerFile(file).size).toBe(1);
    expect(openAnswerFile(file).calls()).toEqual([]);
  });
});
