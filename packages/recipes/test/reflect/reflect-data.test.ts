import type { ChatModel } from '@feedprint/core';
import { FeedprintError } from '@feedprint/core';
import { describe, expect, test } from '@jest/globals';
import { reflectData } from '../../src/index.ts';

const examples = Array.from({ length: 12 }, (_, i) => ({
  prompt: `Tell me about topic${i}.`,
  reply: `topic${i} is known for many things, of which number ${i} is one that people like to hear about.`,
  rejected: 'no',
}));

/** Writes better replies to even topics, nothing usable for odd ones, and fails on its first requests. */
function createWriter(failures: number): ChatModel {
  let left = failures;
  return {
    name: 'writer',
    complete: async (messages, schema) => {
      if (left-- > 0) {
        throw new FeedprintError({ code: 'service-failed', message: 'down', remedy: 'wait' });
      }
      const user = messages[1]?.content ?? '';
      const topic = Number(/topic(\d+)/.exec(user)?.[1]);
      if (topic % 2 === 1) return undefined;
      return schema.parse({
        criticism: 'plain',
        prompt: `Tell me all about topic${topic}.`,
        reply: `topic${topic} is BETTER now than it was before, and shorter too.`,
      });
    },
  };
}

/** Gives 5 to what is better, 3 to the rest. */
const judge: ChatModel = {
  name: 'judge',
  complete: async (messages, schema) => {
    const user = messages[1]?.content ?? '';
    const parsed = schema.safeParse({ score: user.includes('BETTER') ? 5 : 3, better: 'first' });
    return parsed.success ? parsed.data : undefined;
  },
};

const reflect = (changes: Partial<Parameters<typeof reflectData>[0]> = {}) =>
  reflectData({
    ...{ examples, chat: createWriter(0), judge, criteria: 'good', rubric: 'How good?' },
    ...{ calibrate: false, concurrency: 1, seed: 1 },
    ...changes,
  });

describe('replies that are reflected on', () => {
  test('are counted, kept in order, and graded before and after where they changed', async () => {
    const { made, report } = await reflect();
    expect(made.map(({ reply }) => reply.includes('BETTER'))).toEqual(
      examples.map((_, i) => i % 2 === 0),
    );
    expect(made[1]).toMatchObject({ prompt: examples[1]?.prompt, reply: examples[1]?.reply });
    expect(report).toMatchObject({
      examples: 12,
      changed: 6,
      instruction: { rewritten: 6, unusable: 6 },
      // What the second pass wrote again is what it was given.
      reply: { unchanged: 6, unusable: 6 },
      quality: { n: 6, before: 3, after: 5, gain: { value: 2 } },
      judge: null,
    });
    expect(report.length).toBeLessThan(0.8);
  });

  test('are tried again when a server fails, and not for ever', async () => {
    expect((await reflect({ chat: createWriter(7) })).report.changed).toBe(6);
    await expect(reflect({ chat: createWriter(Infinity) })).rejects.toThrow(/down/);
  });

  test('come with what is known of the judge', async () => {
    const { report } = await reflect({ calibrate: true });
    expect(report.judge?.first.value).toBe(1);
    expect(report.judge?.faults.map(({ fault }) => fault)).toContain('padded');
  });
});
