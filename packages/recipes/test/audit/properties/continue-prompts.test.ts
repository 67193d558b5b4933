import { createRandom } from '@feedprint/core';
import type { Sampling } from '@feedprint/core';
import { expect, test } from '@jest/globals';
import { continuePrompts } from '../../../src/audit/properties/continue-prompts.ts';
import type { PreparedRatings } from '../../../src/audit/ratings/prepared-ratings.ts';

/** Rated replies of two tokens to prompts of three. */
function rated(template: string, isConversation: boolean): PreparedRatings {
  const prompt = '\n\nHuman: Hello\n\nAssistant:';
  const turns = [{ role: 'user', content: 'Hello' }] as const;
  return {
    file: { file: 'r', sha256: '', layout: '', skipped: [], ratings: [] },
    template,
    encoded: [{ index: 0, reply: { row: Int32Array.of(1, 2, 3, 4, 5), start: 3 } }],
    records: [{ prompt, reply: ' Hi', rating: 1, ...(isConversation && { turns }) }],
    prompts: Int32Array.of(0),
    groups: Int32Array.of(0),
    byPromptAlone: false,
  };
}

async function asked(replies: PreparedRatings, count = 1) {
  const calls: { readonly rows: number; readonly options: Sampling }[] = [];
  const written = await continuePrompts({
    model: {
      info: { contextLength: 64 } as never,
      generate: async (rows, options) => {
        calls.push({ rows: rows.length, options });
        return Array.from(rows, (row) => [row[0] ?? -1]);
      },
    },
    replies,
    rows: Array.from({ length: count }, (_, i) => Int32Array.of(i, 2, 3)),
    random: createRandom(1),
    onProgress: () => undefined,
  });
  return { calls, written };
}

test('a reply to a conversation in plain text ends where the next turn begins', async () => {
  const { calls } = await asked(rated('hh', true));
  expect(calls[0]?.options).toMatchObject({
    maxNewTokens: 2,
    keepEnd: true,
    stop: ['\n\nHuman:'],
  });
});

test.each([
  ['a template ends it itself', rated('model', true)],
  ['a plain text has no next turn', rated('hh', false)],
])('and nowhere else: %s', async (_, replies) => {
  const { calls } = await asked(replies);
  expect(calls[0]?.options).not.toHaveProperty('stop');
});

test('many prompts are continued in parts, in their order, each part with a seed of its own', async () => {
  const { calls, written } = await asked(rated('hh', false), 600);
  expect(calls.map(({ rows }) => rows)).toEqual([256, 256, 88]);
  expect(new Set(calls.map(({ options }) => options.seed)).size).toBe(3);
  expect(written).toEqual(Array.from({ length: 600 }, (_, i) => [i]));
});
