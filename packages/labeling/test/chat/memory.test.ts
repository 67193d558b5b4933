import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { limitConcurrency } from '@feedprint/core';
import { startChatServer } from '@feedprint/core/testing';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { createLedger, createOpenAIChat } from '../../src/index.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Characters of a prompt. */
const prompt = 20_000;

test('requests over 32 connections leave nothing behind', async () => {
  const server = await startChatServer(() => '{"n":1}');
  try {
    const stop = new AbortController();
    const chat = createOpenAIChat({
      ...{ model: 'm', baseURL: server.baseURL, ledger: createLedger(), signal: stop.signal },
      answers: { get: () => undefined, set: () => undefined },
    });
    const limit = limitConcurrency(32);
    const askMany = async (count: number): Promise<number> => {
      const asked = Array.from({ length: count }, (_, i) =>
        limit(async () => {
          server.seen.length = 0;
          const content = String(i).padEnd(prompt, ' x');
          await chat.complete([{ role: 'user', content }], z.object({ n: z.number() }));
        }),
      );
      await Promise.all(asked);
      server.seen.length = 0;
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    await askMany(40);
    const before = await askMany(40);
    const growth = (await askMany(160)) - before;
    // Half of the prompts alone.
    expect(growth).toBeLessThan((160 * prompt) / 2);
  } finally {
    await server.close();
  }
});
