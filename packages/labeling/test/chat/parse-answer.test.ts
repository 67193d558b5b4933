import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { parseAnswer } from '../../src/chat/parse-answer.ts';

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

test('says what does not fit, of the last JSON value', () => {
  expect(parseAnswer('{"active": "all"} {"active": [1.5]}', schema)).toEqual({
    ok: false,
    problem: expect.stringMatching(/expected int.*\n.*active\[0\]/),
  });
});

const found = (active: number[]) => ({ ok: true, value: { active } });

test.each([
  ['the last of several that fit', 'Draft: {"active": [1]}. No, final: {"active": [2]}'],
  ['one before a value that does not fit', '{"active": [2]} where {"active": "numbers"}'],
  ['one after thoughts without an opening tag', 'Is it {"active": [1]}? </think>{"active": [2]}'],
  ['one after thoughts with braces of code', 'if (x) { y["z"] }</think>\n\n{"active": [2]}'],
  ['one after two thoughts', '<think>{"active": [1]}</think><think>no</think> {"active": [2]}'],
  ['one after <thinking>', '<thinking>{"active": [1]}</thinking>{"active": [2]}'],
  ['one before thoughts that never end', '{"active": [2]} <think>or {"active": [1]}'],
  ['one after thousands of brackets', `${'{ x ['.repeat(20_000)} {"active": [2]}`],
])('takes %s', (_, text) => {
  expect(parseAnswer(text, schema)).toEqual(found([2]));
});

test.each([
  ['a draft', 'Maybe {"active": [1]}</think>I cannot tell.'],
  ['thoughts that were cut off', '<think>Maybe {"active": [1]}, maybe'],
])('takes no answer from %s', (_, text) => {
  expect(parseAnswer(text, schema)).toEqual({ ok: false, problem: 'it holds no JSON' });
});

test.each(['</think>', '<think>', '<think>a</think>'])(
  'keeps the tag %s in a string of the answer',
  (explanation) => {
    const answer = z.object({ explanation: z.string() });
    const text = `Hm.</think> So: ${JSON.stringify({ explanation })}.`;
    expect(parseAnswer(text, answer)).toEqual({ ok: true, value: { explanation } });
  },
);

test('gives up on brackets without end', () => {
  expect(parseAnswer('['.repeat(100_000), schema)).toEqual({
    ok: false,
    problem: 'it holds no JSON',
  });
});
