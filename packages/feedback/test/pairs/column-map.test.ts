import { expect, test } from '@jest/globals';
import type { PairColumns } from '../../src/index.ts';
import { parsePairColumns, readPreferencePairs } from '../../src/index.ts';
import { fileOf } from '../files.ts';

const fileWith = (...rows: readonly unknown[]): string =>
  fileOf('pairs.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));

/** The `--map` that a refusal names. */
async function suggested(...rows: readonly unknown[]): Promise<string> {
  const error: unknown = await readPreferencePairs(fileWith(...rows)).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'texts-invalid' });
  return /--map (\S+)/.exec((error as { readonly remedy: string }).remedy)?.[1] ?? '';
}

const mapped = async (map: string | PairColumns, ...rows: readonly unknown[]) =>
  readPreferencePairs(fileWith(...rows), {
    map: typeof map === 'string' ? parsePairColumns(map) : map,
  });

test('names the map that settles a file of no known layout', async () => {
  const persona = {
    question: 'Would you say "I am"?',
    statement: 'I am',
    matching: ' Yes',
    not_matching: ' No',
    label_confidence: 0.9,
  };
  const map = await suggested(persona);
  expect(map).toBe('chosen=matching,rejected=not_matching,prompt=question');
  const { pairs, layout } = await mapped(map, persona);
  expect(pairs).toEqual([{ prompt: persona.question, chosen: ' Yes', rejected: ' No' }]);
  expect(layout).toBe('jsonl, columns question, matching, not_matching as told');
});

test('asks what a label means that might mean either', async () => {
  const row = (label: unknown) => ({ prompt: 'p', response_0: 'zero', response_1: 'one', label });
  const map = await suggested(row(1), row(0));
  expect(map).toBe('chosen=response_0,rejected=response_1,prompt=prompt,label=label');
  const { pairs, ties } = await mapped(map, row(1), row(0), row(0.5));
  expect(pairs.map(({ chosen }) => chosen)).toEqual(['zero', 'one', 'zero']);
  expect(ties).toBe(1);
  const exchanged = 'chosen=response_1,rejected=response_0,prompt=prompt,label=label';
  expect((await mapped(exchanged, row(1), row(0))).pairs[0]?.chosen).toBe('one');
});

test('takes names of models, and a label called chosen, for what they are', async () => {
  const replies = { prompt: 'p', response_a: 'A good reply', response_b: 'A bad reply' };
  const sides = 'chosen=response_a,rejected=response_b,prompt=prompt';
  expect(await suggested({ ...replies, winner: 'm-1', loser: 'm-2' })).toBe(
    `${sides},label=winner`,
  );
  const row = { ...replies, chosen: 'b' };
  const map = await suggested(row);
  expect(map).toBe(`${sides},label=chosen`);
  expect((await mapped(map, row)).pairs[0]?.chosen).toBe('A bad reply');
});

test.each([
  [['model_a', 'model_b', 'tie (bothbad)']],
  [['a', 'b', 'tie']],
  [['reply_a', 'reply_b', 'Both good']],
  [['true', 'false', 'tie']],
  [['1', '2', 'tie']],
  [[true, false, 'neither']],
  [[3, -1, 0]],
  [[1, 0, 0.5]],
])('reads labels %j', async (labels) => {
  const rows = labels.map((which) => ({ reply_a: 'A.', reply_b: 'B.', which }));
  const { pairs } = await mapped('chosen=reply_a,rejected=reply_b,label=which', ...rows);
  expect(pairs).toEqual([
    { prompt: '', chosen: 'A.', rejected: 'B.' },
    { prompt: '', chosen: 'B.', rejected: 'A.' },
    { prompt: '', chosen: 'A.', rejected: 'B.', tie: true },
  ]);
});

test('asks which of two columns is the prompt', async () => {
  const row = { prompt: 'p', question: 'q', chosen: 'a', rejected: 'b' };
  const map = await suggested(row);
  expect(map).toBe('chosen=chosen,rejected=rejected,prompt=prompt');
  expect((await mapped(map, row)).pairs[0]?.prompt).toBe('p');
  expect((await mapped(map.replace('=prompt', '=question'), row)).pairs[0]?.prompt).toBe('q');
});

test('refuses records that say different things in different columns', async () => {
  const row = { text_a: 'a', text_b: 'b', preferred_text: 'text_b', prompt: 'p' };
  expect(await suggested({ ...row, chosen: 'a', rejected: 'b' })).toBe(
    'chosen=chosen,rejected=rejected,prompt=prompt',
  );
  const same = await readPreferencePairs(fileWith({ ...row, chosen: 'b', rejected: 'a' }));
  expect(same.pairs).toHaveLength(1);
});

test('without a prompt column, replies may hold their prompt or have none', async () => {
  const rows = [{ good: 'One day', bad: 'Two days' }];
  expect(await suggested(...rows)).toBe('chosen=good,rejected=bad');
  expect((await mapped('chosen=good,rejected=bad', ...rows)).pairs).toEqual([
    { prompt: '', chosen: 'One day', rejected: 'Two days' },
  ]);
  const told = { chosen: 'One day', rejected: 'Two days' };
  expect(await suggested(told)).toMatch(/^chosen=chosen,rejected=rejected/);
});

test('refuses a label or a column that is not there, and a map that is none', async () => {
  const row = { a: 'A', b: 'B', which: 'x' };
  await expect(mapped('chosen=a,rejected=b,label=which', row)).rejects.toThrow(
    /a label that says neither "a" nor "b"/,
  );
  await expect(mapped('chosen=a,rejected=c', row)).rejects.toThrow(/no column "c"/);
  for (const text of ['', 'chosen=a', 'chosen=a,rejected=a', 'chosen=a,rejected=b,reply=c']) {
    expect(() => parsePairColumns(text)).toThrow(/does not say which columns/);
  }
});
