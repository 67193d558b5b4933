import { expect, test } from '@jest/globals';
import { assertIndependent, independentGroups } from '../../src/audit/independent-groups.ts';

const prompts = Int32Array.from({ length: 60 }, (_, i) => Math.floor(i / 2));
const count = (groups: Int32Array): number => new Set(groups).size;

test('pairs that share a reply are one group', () => {
  const own = Array.from(prompts, (_, i) => [`a ${i}`, `b ${i}`]);
  const apart = independentGroups(own, prompts);
  expect([count(apart.groups), apart.byPromptAlone]).toEqual([30, false]);
  const shared = own.map((pair, i) => (i < 4 ? ['no', pair[1] as string] : pair));
  const { groups, byPromptAlone } = independentGroups(shared, prompts);
  expect(byPromptAlone).toBe(false);
  expect(new Set(groups.subarray(0, 4)).size).toBe(1);
  expect(count(groups)).toBe(29);
});

test('where a chain of replies connects all pairs, those of one prompt are', () => {
  const chain = Array.from(prompts, (_, i) => [`reply ${i}`, `reply ${i + 1}`]);
  expect(independentGroups(chain, prompts)).toEqual({ groups: prompts, byPromptAlone: true });
});

test('fewer than 20 prompts are refused', () => {
  const few = prompts.map((prompt) => prompt % 19);
  const replies = Array.from(few, (_, i) => [`a ${i}`, `b ${i}`]);
  const file = { what: 'pairs', file: 'pairs.jsonl' };
  expect(() => assertIndependent(independentGroups(replies, few).groups, file)).toThrow(
    /the 60 pairs of pairs\.jsonl answer 19 prompts/,
  );
  expect(() => assertIndependent(independentGroups(replies, prompts).groups, file)).not.toThrow();
});
