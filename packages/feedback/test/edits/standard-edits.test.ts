import { describe, expect, test } from '@jest/globals';
import { measureProperties, standardEdits, standardProperties } from '../../src/index.ts';
import { spellNumber } from '../../src/edits/spell-number.ts';
import { samples } from './samples.ts';

const properties = standardProperties();
const names = properties.map(({ name }) => name);

test('edits have names of their own and are for properties that exist', () => {
  expect(new Set(standardEdits.map(({ name }) => name)).size).toBe(standardEdits.length);
  for (const { property, alsoMoves } of standardEdits) {
    expect(names).toContain(property);
    if (alsoMoves !== 'all') {
      expect(names).toEqual(expect.arrayContaining([...alsoMoves]));
      expect(alsoMoves).not.toContain(property);
    }
  }
});

describe.each(standardEdits.map((edit) => [edit.name, edit] as const))('%s', (_, edit) => {
  const edited = samples.flatMap((sample) => {
    const reply = edit.apply(sample.reply, sample.prompt);
    return reply === undefined ? [] : [{ before: sample, after: { ...sample, reply } }];
  });
  const moves = async () => {
    const before = await measureProperties(
      properties,
      edited.map((pair) => pair.before),
    );
    const after = await measureProperties(
      properties,
      edited.map((pair) => pair.after),
    );
    return properties.map(({ name }, p) => ({
      name,
      by: edited.map((_pair, i) => (after[p]?.[i] as number) - (before[p]?.[i] as number)),
    }));
  };

  test('applies to some replies, and moves its property in its direction in all of them', async () => {
    expect(edited.length).toBeGreaterThan(0);
    const own = (await moves()).find(({ name }) => name === edit.property);
    for (const by of own?.by ?? []) expect(by * edit.direction).toBeGreaterThan(0);
  });

  test('moves no other property than it states', async () => {
    if (edit.alsoMoves === 'all') return;
    const others = (await moves())
      .filter(({ name, by }) => name !== edit.property && by.some((d) => Math.abs(d) > 1e-12))
      .map(({ name }) => name);
    expect(others.filter((name) => !edit.alsoMoves.includes(name))).toEqual([]);
  });

  test('says nothing where there is nothing to edit, and takes hostile texts', () => {
    for (const nothing of ['', ' ', '\n', 'x']) {
      if (edit.direction < 0) expect(edit.apply(nothing, '')).toBeUndefined();
    }
    for (const piece of [
      'Sorry. ',
      '?',
      ' ',
      'a',
      'I',
      '.',
      '"',
      '| ',
      '**',
      '`',
      ' \n',
      '! ',
      "you've ",
      '1 ',
      '- ',
      '](',
    ]) {
      const hostile = piece.repeat(Math.ceil(100_000 / piece.length));
      expect(edit.apply(`${hostile} x. A`, '')).not.toBe(hostile);
    }
  });
});

describe('an edited reply', () => {
  const edit = (name: string, reply: string) =>
    standardEdits.find((candidate) => candidate.name === name)?.apply(reply, '');
  test.each([
    ['lists-off', '1. One\n- two\n* three', 'One\ntwo\nthree'],
    ['lists-on', 'One\n\n- two\nthree', '- One\n\n- two\n- three'],
    ['headings-off', '# A\ntext\n## B', 'A\ntext\nB'],
    ['bold-off', 'a **b** __c__', 'a b c'],
    ['code-off', '```js\na\n```\n`b`', 'a\nb'],
    ['links-off', '[a](https://b.org) http://www.c.org', 'a c.org'],
    ['tables-off', 'x\n| a | b |\n|---|:-:|\n| 1 | 2 |\ny', 'x\na b\n1 2\ny'],
    ['exclamation-off', 'Yes!! No?! ![a](b)', 'Yes. No? ![a](b)'],
    ['exclamation-on', '1. It is 3.5. So (it is).', '1. It is 3.5! So (it is).'],
    ['question-on', 'One. Two. Three', 'One. Two? Three'],
    ['parentheses-off', 'a (b) [c](d)', 'a b [c](d)'],
    ['commas-off', 'a, b, 1,000', 'a b 1,000'],
    ['dashes-off', 'a — b -- c - d e-f', 'a, b, c, d e-f'],
    [
      'digits-off',
      '1. It has 21 parts of 3.5, 342 and 1987',
      '1. It has twenty-one parts of 3.5, three hundred and forty-two and 1987',
    ],
    ['digits-on', 'Two of the twenty, twenty-one', '2 of the 20, twenty-one'],
    ['capitals-off', 'WHAT a MESS, BBC. REALLY', 'What a mess, BBC. Really'],
    ['emoji-off', 'Hi 👍🏽 there 🇩🇪', 'Hi there'],
    ['first-person-off', "I'm my own. It is me, and I am.", "We're our own. It is us, and we are."],
    ['first-person-on', 'We are here; we saw our car.', 'I am here; I saw my car.'],
    ['second-person-off', "You see your car; you're late.", "People see their car; they're late."],
    ['pronouns-off', 'He saw her.', 'Someone saw their.'],
    [
      'contractions-off',
      "Don't; it's John's. You'll see, can't you?",
      "Do not; it is John's. You will see, cannot you?",
    ],
    ['contractions-on', 'Do not. It is so. They will see.', "Don't. It's so. They'll see."],
    ['word-length-off', 'Numerous people utilize it', 'Many people use it'],
    ['formality-off', 'Therefore it goes upon', 'So it goes on'],
    ['hedges-off', 'Perhaps, it is quite good', 'It is good'],
    ['hedges-on', 'It is a film', 'It is perhaps a film'],
    ['certainty-off', 'Clearly it is', 'It is'],
    ['opening-sure-on', 'The film is', 'Sure, the film is'],
    ['opening-sure-on', 'tend to be', undefined],
    ['opening-sure-on', 'Certainly.', undefined],
    ['opening-sure-off', 'Sure! here it is', 'Here it is'],
    ['opening-sorry-off', "I'm sorry, but I can't.", "I can't."],
    ['length-halved', 'One. Two. Three', 'One. Two.'],
    ['length-halved', 'One', undefined],
    ['refusals-off', "Hello. I can't do that. Here is more.", 'Hello. Here is more.'],
    ['refusals-off', "I can't do that.", undefined],
    ['flattery-on', 'It is.', 'Great question. It is.'],
  ])('%s: %j becomes %j', (name, before, after) => {
    expect(edit(name, before)).toBe(after);
  });
});

test.each([
  [0, 'zero'],
  [13, 'thirteen'],
  [40, 'forty'],
  [99, 'ninety-nine'],
  [100, 'one hundred'],
  [705, 'seven hundred and five'],
])('%i is spelled %s', (n, words) => expect(spellNumber(n)).toBe(words));
