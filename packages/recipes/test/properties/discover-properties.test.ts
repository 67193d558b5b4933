import { createRandom } from '@feedprint/core';
import type { ChatModel } from '@feedprint/core';
import { createScriptedChat } from '@feedprint/core/testing';
import { expect, test } from '@jest/globals';
import { discoverProperties } from '../../src/index.ts';

const pairs = Array.from({ length: 40 }, (_, i) => ({
  prompt: `Question ${i >> 1}?`,
  chosen: `Yes${i % 3 === 0 ? '' : '!'} ${i}`,
  rejected: `No${i % 5 === 0 ? '!' : ''} ${i}`,
}));

/** Says of a reply whether it holds a mark, where the definition asks for it; else anything, by its own taste. */
const judge = (taste: string): ChatModel & { readonly seen: string[] } => {
  const seen: string[] = [];
  return {
    name: `judge-${taste}`,
    seen,
    complete: async (messages, schema) => {
      const [asked, shown] = messages.map(({ content }) => content);
      seen.push(shown as string);
      const reply = /Reply:\n<data>\n(.*)\n/.exec(shown as string)?.[1] ?? '';
      const present = asked?.includes('mark') ? reply.includes('!') : reply.includes(taste);
      return schema.parse({ present });
    },
  };
};

test('keeps what two judges see alike, on prompts that the describer has not seen', async () => {
  const { chat: describer, prompts } = createScriptedChat([
    {
      properties: [
        { name: 'Exclamation Marks', definition: 'It holds an exclamation mark.' },
        { name: 'mood', definition: 'It has a mood.' },
      ],
    },
  ]);
  const [first, second] = [judge('1'), judge('Yes')];
  const found = await discoverProperties({
    pairs,
    describer,
    judges: [first, second],
    random: createRandom(3),
  });
  expect(found.properties.map(({ name, source }) => [name, source])).toEqual([
    ['exclamation-marks', 'judge'],
  ]);
  expect(found.tested).toEqual([
    {
      name: 'exclamation-marks',
      definition: 'It holds an exclamation mark.',
      kappa: 1,
      n: 40,
      kept: true,
    },
    expect.objectContaining({ name: 'mood', kept: false }),
  ]);
  expect(found.unseen).toHaveLength(20);
  const unseen = new Set(Array.from(found.unseen, (i) => pairs[i]?.prompt));
  for (const prompt of unseen) {
    for (const described of prompts) expect(described).not.toContain(`"${prompt}"`);
    expect(first.seen.join()).toContain(`"${prompt}"`);
  }
  for (const shown of [...first.seen, ...second.seen]) expect(shown).not.toMatch(/chosen|rejected/);
});
