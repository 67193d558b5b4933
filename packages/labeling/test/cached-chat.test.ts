import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createScriptedChat } from '@feedprint/core/testing';
import { afterAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createCachedChat, openAnswerFile } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'feedprint-answers-'));
afterAll(() => rmSync(folder, { recursive: true }));

const schema = z.object({ score: z.number() });
const ask = (content: string) => [{ role: 'user' as const, content }];

describe('a cached chat model', () => {
  test('asks nothing twice, also while the answer is awaited, nor what had no usable answer', async () => {
    const { chat, prompts } = createScriptedChat([{ score: 1 }, 'no score', { score: 3 }]);
    const cached = createCachedChat(chat);
    const both = [cached.complete(ask('a'), schema), cached.complete(ask('a'), schema)];
    expect(await Promise.all(both)).toEqual([{ score: 1 }, { score: 1 }]);
    for (let i = 0; i < 2; i++) {
      expect(await cached.complete(ask('b'), schema)).toBeUndefined();
      expect(await cached.complete(ask('c'), schema)).toEqual({ score: 3 });
      expect(await cached.complete(ask('a'), schema)).toEqual({ score: 1 });
    }
    expect(prompts).toEqual(['a', 'b', 'c']);
    expect(cached.name).toBe('scripted');
  });

  test('asks again for another schema, role or model', async () => {
    const { chat, prompts } = createScriptedChat([{ score: 1 }]);
    const store = new Map<string, unknown>();
    const cached = createCachedChat(chat, store);
    await cached.complete(ask('a'), schema);
    await cached.complete(ask('a'), z.object({ score: z.number().max(5) }));
    await cached.complete([{ role: 'system', content: 'a' }], schema);
    await createCachedChat({ ...chat, name: 'other' }, store).complete(ask('a'), schema);
    expect(prompts).toHaveLength(4);
  });

  test('keeps no failure', async () => {
    let calls = 0;
    const failing = createCachedChat({
      name: 'failing',
      complete: async (_messages, wanted) => {
        if (calls++ === 0) throw new Error('down');
        return wanted.parse({ score: 2 });
      },
    });
    await expect(failing.complete(ask('a'), schema)).rejects.toThrow('down');
    expect(await failing.complete(ask('a'), schema)).toEqual({ score: 2 });
  });
});

describe('a file of answers', () => {
  test('gives them to the next run, a line that was cut off aside', async () => {
    const path = join(folder, 'answers.jsonl');
    const first = createScriptedChat([{ score: 1 }, 'no score']);
    const once = createCachedChat(first.chat, openAnswerFile(path));
    await once.complete(ask('a'), schema);
    await once.complete(ask('b'), schema);
    appendFileSync(path, '{"key":"cut o');
    const second = createScriptedChat([{ score: 9 }]);
    const again = createCachedChat(second.chat, openAnswerFile(path));
    expect(await again.complete(ask('a'), schema)).toEqual({ score: 1 });
    expect(await again.complete(ask('b'), schema)).toBeUndefined();
    expect(await again.complete(ask('c'), schema)).toEqual({ score: 9 });
    expect(second.prompts).toEqual(['c']);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => line.startsWith('{"key":"'))).toEqual([true, true, true, true]);
  });

  test('that cannot be is refused', () => {
    writeFileSync(join(folder, 'file'), '');
    const store = openAnswerFile(join(folder, 'none', 'answers.jsonl'));
    expect(() => store.set('a', 1)).toThrow(/cannot write .*answers.jsonl \(ENOENT\); choose/);
    expect(() => openAnswerFile(folder)).toThrow(/EISDIR/);
  });
});
