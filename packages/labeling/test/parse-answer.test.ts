import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { parseAnswer } from '../src/parse-answer.ts';

const schema = z.object({ active: z.array(z.int()) });

test('finds the answer amid any prose, whatever strings it holds', () => {
  const answer = z.object({ explanation: z.string() });
  const prose = fc.string().filter((text) => !/["[\]{}]/.test(text));
  fc.assert(
    fc.property(prose, fc.string({ unit: 'grapheme' }), prose, (before, explanation, after) => {
      const text = `${before}${JSON.stringify({ explanation })}${after}`;
      expect(parseAnswer(text, answer)).toEqual({ ok: true, value: { explanation } });
    }),
  );
});

test('says what does not fit, of the first JSON value', () => {
  expect(parseAnswer('{"active": [1.5]} {"active": "all"}', schema)).toEqual({
    ok: false,
    problem: expect.stringMatching(/expected int.*\n.*active\[0\]/),
  });
});

test('gives up on brackets without end', () => {
  expect(parseAnswer('['.repeat(100_000), schema)).toEqual({
    ok: false,
    problem: 'it holds no JSON',
  });
});
