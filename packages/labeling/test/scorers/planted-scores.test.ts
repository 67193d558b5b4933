import type { Labeler } from '@feedprint/core';
import { createScriptedChat, startChatServer } from '@feedprint/core/testing';
import type { ChatServer } from '@feedprint/core/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createModelLabeler,
  createOfflineLabeler,
  createOpenAIChat,
  scoreIntruders,
} from '../../src/index.ts';
import { markedWindows } from '../../src/scorers/marked-windows.ts';
import { plantedDictionary } from '../evidence/planted-dictionary.ts';
import { sensibleAnswer } from '../sensible-model.ts';

const dictionary = plantedDictionary();
const explanations = dictionary.map(
  ({ words }) => `fires on ${words.map((w) => `"${w}"`).join(', ')}`,
);
/** Each feature gets the explanation of one that is not its neighbour. */
const swapped = dictionary.map((_, i) => explanations[(i + 17) % dictionary.length] as string);

let server: ChatServer;
beforeAll(async () => {
  server = await startChatServer(sensibleAnswer);
});
afterAll(() => server.close());

async function meanScore(labeler: Labeler, how: 'score' | 'fuzz', texts: readonly string[]) {
  const scores = await Promise.all(
    dictionary.map(({ evidence }, i) => labeler[how]?.(texts[i] as string, evidence)),
  );
  return scores.reduce((sum, score) => sum + (score?.balancedAccuracy ?? NaN), 0) / scores.length;
}

describe.each([
  ['offline', () => createOfflineLabeler()],
  [
    'a chat model over HTTP',
    () => createModelLabeler({ chat: createOpenAIChat({ model: 'm', baseURL: server.baseURL }) }),
  ],
] as const)('explanations of planted features, scored by %s', (_, make) => {
  test.each(['score', 'fuzz'] as const)('%s high if right, at chance if swapped', async (how) => {
    expect(await meanScore(make(), how, explanations)).toBeGreaterThanOrEqual(0.9);
    expect(Math.abs((await meanScore(make(), how, swapped)) - 0.5)).toBeLessThanOrEqual(0.05);
  });

  test('are found from the windows to explain', async () => {
    const labeler = make();
    for (const { words, evidence } of dictionary.slice(0, 10)) {
      const explanation = (await labeler.explain(evidence)) ?? '';
      expect(words.some((word) => explanation.includes(word.trim()))).toBe(true);
    }
  });
});

describe('marks', () => {
  test('stand on active tokens of active windows, and on the same places of silent ones', () => {
    // Long texts, so that nearly all windows have one length and places can be compared as they are.
    const long = plantedDictionary({ features: 6, texts: 80, shortest: 1000 });
    for (const { evidence, words } of long) {
      const windows = markedWindows(evidence).filter(({ tokens }) => tokens.length === 21);
      const active = windows.filter((window) => window.active);
      expect(active.length).toBeGreaterThan(4);
      for (const { tokens, marked } of active) {
        expect(marked.length).toBeGreaterThan(0);
        for (const at of marked) expect(words).toContain(tokens[at]);
      }
      const places = markedWindows(evidence).map(({ marked }) => marked.join());
      const silent = windows.filter((window) => !window.active);
      expect(silent.length).toBeGreaterThan(4);
      const ofActive = new Set(places.slice(0, evidence.heldOutActive.length));
      for (const { marked } of silent) expect(ofActive).toContain(marked.join());
    }
  });
});

describe('intruders', () => {
  const { evidence } = dictionary[1] as (typeof dictionary)[0];

  test('are found by one who sees what the others share', async () => {
    const words = dictionary[1]?.words ?? [];
    const chat = {
      name: 'seeing',
      complete: async <T>(
        messages: readonly { content: string }[],
        schema: { parse(v: unknown): T },
      ) => {
        const lines = [...(messages[1]?.content ?? '').matchAll(/^(\d)\. (".*")$/gm)];
        const without = lines.filter(([, , text]) => !words.some((word) => text?.includes(word)));
        return schema.parse({ intruder: Number(without[0]?.[1]) });
      },
    };
    const score = await scoreIntruders(chat, evidence);
    expect(score).toEqual({ accuracy: 1, chance: 0.2, n: 8 });
  });

  test('stand at any place, so that always naming the first is about chance', async () => {
    const { chat } = createScriptedChat([{ intruder: 1 }]);
    let found = 0;
    for (const { evidence: one } of dictionary)
      found += (await scoreIntruders(chat, one))?.accuracy ?? NaN;
    expect(Math.abs(found / dictionary.length - 0.2)).toBeLessThan(0.07);
  });

  test('are not scored without usable answers or enough windows', async () => {
    const { chat } = createScriptedChat([undefined]);
    expect(await scoreIntruders(chat, evidence)).toBeUndefined();
    expect(await scoreIntruders(chat, { ...evidence, heldOutActive: [] })).toBeUndefined();
  });
});
