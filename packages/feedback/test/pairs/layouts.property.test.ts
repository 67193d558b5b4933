import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readPreferencePairs } from '../../src/index.ts';
import { fileOf } from '../files.ts';
import { expected, published } from './published.ts';
import type { Judged } from './published.ts';

/** Words and signs that file formats and layouts have to keep apart. */
const piece = fc.constantFrom(
  ...['the', 'The', 'hi', 'é', '😀', 'Human:', 'Assistant:', 'user', 'text_a', '1', 'null', 'tie'],
  ...['"', '""', "'", ',', ';', '\\', '\\n', '{', '}', '[', ']', '<b>', '|', '=', '\n', '\t'],
);
const words = fc
  .array(piece, { minLength: 1, maxLength: 8 })
  .map((pieces) => pieces.join(' ').trim())
  .filter((text) => text !== '');

const judged: fc.Arbitrary<Judged> = fc
  .record({
    said: fc.array(words, { minLength: 0, maxLength: 2 }),
    asked: words,
    replies: fc.uniqueArray(words, { minLength: 2, maxLength: 2 }),
    preference: fc.constantFrom(-1, 0, 1),
    // A reply may repeat the prompt, or begin like the other one.
    echo: fc.boolean(),
    shared: fc.constantFrom('', 'the ', 'Sure, '),
  })
  .map(({ said, asked, replies, preference, echo, shared }) => {
    const [first, second] = replies.map((reply) => shared + reply) as [string, string];
    return {
      turns: [
        ...said.flatMap((content, i) => [
          { role: 'user', content: `${content} ${i}` },
          { role: 'assistant', content },
        ]),
        { role: 'user', content: asked },
      ],
      first: echo ? `${asked} ${first}` : first,
      second,
      preference,
    };
  });

test.each(published)(
  'reads what $name writes: never reversed, never with the prompt in a reply',
  async (layout) => {
    await fc.assert(
      fc.asyncProperty(fc.array(judged, { minLength: 1, maxLength: 4 }), async (all) => {
        const rows = all.flatMap(layout.write);
        const path = fileOf('pairs.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
        const { pairs, ties } = await readPreferencePairs(path);
        expect(pairs).toHaveLength(all.length);
        for (const [i, truth] of all.entries()) {
          const { prompt, ...stated } = expected(truth, layout);
          const pair = pairs[i];
          if (layout.plain) {
            // Implicit prompts may take words that both replies begin with.
            expect(pair?.prompt.startsWith(prompt)).toBe(true);
            for (const side of ['chosen', 'rejected'] as const) {
              expect(`${pair?.prompt}${pair?.[side]}`).toBe(prompt + stated[side]);
            }
          } else expect(pair).toMatchObject({ prompt, ...stated });
        }
        expect(ties).toBe(
          layout.ties ? all.filter(({ preference }) => preference === 0).length : 0,
        );
      }),
      { numRuns: 40, seed: 14 },
    );
  },
);
