import type { ChatModel, FeedbackSignal, Reply } from '@feedprint/core';
import { describe, expect, test } from '@jest/globals';
import { calibrateGrader } from '../../src/index.ts';

const replies: Reply[] = Array.from({ length: 12 }, (_, i) => ({
  prompt: `Tell me about topic${i}.`,
  reply: `topic${i} is known for many things, of which number ${i} is one that people like to hear about.`,
}));

/** Whole, in order, to the point and not repeated. */
const isFine = ({ prompt, reply }: Reply): boolean => {
  const topic = /topic\d+/.exec(prompt)?.[0] ?? '';
  return (
    reply.startsWith(`${topic} is known for many things, of which`) && reply.includes('hear about.')
  );
};

const signalOf = (grade: (reply: Reply) => number | undefined): FeedbackSignal<'sequence'> => ({
  name: 'judge:test',
  granularity: 'sequence',
  range: [1, 5],
  score: async (examples) => examples.map(grade),
});

const chooser = (
  choose: (first: string, second: string) => 'first' | 'second' | 'neither',
): ChatModel => ({
  name: 'chooser',
  complete: async (messages, schema) => {
    const [, first, second] = [
      ...(messages[1]?.content ?? '').matchAll(/<data>\n(".*")\n<\/data>/g),
    ].map(([, quoted]) => JSON.parse(quoted as string) as string);
    const parsed = schema.safeParse({ better: choose(first ?? '', second ?? '') });
    return parsed.success ? parsed.data : undefined;
  },
});

const fine = (reply: string): boolean =>
  reply.includes('hear about.') && /^topic\d+ is known/.test(reply);
const fair = chooser((first) => (fine(first) ? 'first' : 'second'));

const calibrate = (grade: (reply: Reply) => number | undefined, chat: ChatModel) =>
  calibrateGrader({ signal: signalOf(grade), chat, rubric: 'How good?', replies, seed: 1 });

describe('a judge of replies', () => {
  test('that sees faults is said to, and not to like padding or an order', async () => {
    const { faults, first, consistent } = await calibrate((reply) => (isFine(reply) ? 5 : 2), fair);
    const of = Object.fromEntries(faults.map((each) => [each.fault, each]));
    for (const fault of ['cut', 'shuffled', 'swapped', 'repeated']) {
      expect(of[fault]).toMatchObject({ n: 12, ties: 0, gap: 3 });
      expect(of[fault]?.found.value).toBe(1);
    }
    expect(of['padded']).toMatchObject({ n: 12, ties: 12, gap: 0 });
    expect(of['padded']?.found.value).toBeNull();
    expect(first.value).toBe(0.5);
    expect(consistent.value).toBe(1);
  });

  test('that goes by length and by order is caught at it', async () => {
    const { faults, first, consistent } = await calibrate(
      ({ reply }) => reply.length / 100,
      chooser(() => 'first'),
    );
    const padded = faults.find(({ fault }) => fault === 'padded');
    expect(padded?.found.value).toBe(1);
    expect(padded?.gap).toBeLessThan(-1);
    expect(first.value).toBe(1);
    expect(consistent.value).toBe(0);
  });

  test('without usable answers is said nothing of', async () => {
    const { faults, first } = await calibrate(
      () => undefined,
      chooser(() => 'neither'),
    );
    expect(
      faults.every(({ n, gap, found }) => n === 0 && gap === null && found.value === null),
    ).toBe(true);
    expect(first.value).toBeNull();
  });
});
