import { startChatServer } from '@feedprint/core/testing';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createLedger, createOpenAIChat, knownPrice } from '../../src/index.ts';

const price = { input: 1_000_000, output: 2_000_000 }; // a dollar and two per token

describe('a ledger', () => {
  test('adds up what requests took, and what lost ones may have taken', async () => {
    const ledger = createLedger({ price });
    (await ledger.reserve({ input: 5, output: 5 }))({ input: 3, output: 1 });
    (await ledger.reserve({ input: 5, output: 5 }))('none');
    (await ledger.reserve({ input: 2, output: 1 }))('lost');
    expect(ledger.totals()).toEqual({ input: 5, output: 2, answers: 1, lost: 1, money: 9 });
  });

  test('lets no request pass the budget, whatever is under way', async () => {
    const ledger = createLedger({ price, budget: 10, before: { input: 1, output: 0 } });
    const most = { input: 1, output: 2 };
    const first = await ledger.reserve(most);
    let second: 'waits' | 'goes' = 'waits';
    const later = ledger.reserve(most).then((settle) => {
      second = 'goes';
      return settle;
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(second).toBe('waits');
    first({ input: 1, output: 1 });
    (await later)({ input: 1, output: 2 });
    expect(ledger.totals().money).toBe(9);
    await expect(ledger.reserve({ input: 2, output: 0 })).rejects.toMatchObject({
      code: 'budget-reached',
      message: expect.stringMatching(/budget of \$10: \$9\.0000 are spent/),
    });
    (await ledger.reserve({ input: 1, output: 0 }))('none');
  });

  test('has no budget without a price', () => {
    expect(() => createLedger({ budget: 1 })).toThrow(/no price/);
  });

  test('knows prices by names with and without dates', () => {
    expect(knownPrice('gpt-4.1-mini-2025-04-14')).toEqual(knownPrice('gpt-4.1-mini'));
    expect(knownPrice('llama3')).toBeUndefined();
  });

  test('stops a chat before its budget is passed, over 8 connections', async () => {
    const server = await startChatServer(() => '{"n":1}');
    try {
      const ledger = createLedger({ price: { input: 100, output: 400 }, budget: 0.1 });
      const chat = createOpenAIChat({ model: 'm', baseURL: server.baseURL, ledger, maxTokens: 20 });
      const asked = Array.from({ length: 60 }, (_, i) =>
        chat.complete(
          [{ role: 'user', content: `${i} ${'x'.repeat(100)}` }],
          z.object({ n: z.number() }),
        ),
      );
      const results = await Promise.allSettled(asked);
      const refused = results.filter(({ status }) => status === 'rejected');
      expect(refused.length).toBeGreaterThan(0);
      for (const result of refused) expect(result).toHaveProperty('reason.code', 'budget-reached');
      const { money, answers } = ledger.totals();
      expect(answers).toBe(server.seen.length);
      expect(money).toBeLessThanOrEqual(0.1);
      expect(money).toBeGreaterThan(0.05);
    } finally {
      await server.close();
    }
  });
});
