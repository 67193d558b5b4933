/** Property -> replies and what they measure. A third entry is the prompt. */
export const examples: Readonly<
  Record<string, readonly (readonly [reply: string, value: number, prompt?: string])[]>
> = {
  length: [
    ['', 0],
    ["It isn't well-known, is it?", 5],
    ['naïve café, 42 ümläute', 4],
    ['漢字 and かな', 5],
  ],
  sentences: [
    ['', 0],
    ['One. Two! Three? "Four." Five', 5],
    ['Pi is 3.14... Really?!', 2],
    ['- first\n- second\n\nlast.', 3],
    ['漢字。かな！', 2],
  ],
  'sentence-length': [
    ['', 0],
    ['One two three. Four.', 2],
  ],
  paragraphs: [
    [' \n ', 0],
    ['one\ntwo\n\nthree\n \n\n four\n\n', 3],
  ],
  lists: [
    ['- a\n* b\n  + c\n1. d\n23) e\n\t• f', 6],
    ['-a\n1.5 apples\n**bold** a\n- \nyear 1. b', 0],
  ],
  headings: [
    ['# a\n### b ##\n  ## c', 3],
    ['#hash\n####### seven\nC # d', 0],
  ],
  bold: [
    ['**a** and __b c__, **d**', 3],
    ['2 ** 3 ** 4 *it* ** ****', 0],
  ],
  code: [
    ['```js\nlet a;\n```\nand `b` or `c d`', 3],
    ['``` unclosed\n`', 1],
    ['no ` tick', 0],
  ],
  links: [
    ['https://a.org, http://b.org and www.c.org', 3],
    ['[a](https://a.org) [b](/b) [c](www.c.org)', 3],
    ['https://www.a.org', 1],
    ['f(x)[0] (y)', 0],
  ],
  tables: [
    ['| a | b |\n|---|---|\n| 1 | 2 |', 3],
    ['a | b\nx || y', 0],
  ],
  'line-breaks': [['a<br />b<br>', 2]],
  exclamation: [['No! Yes!!', 3]],
  question: [['What? Why??', 3]],
  parentheses: [['(a) (b (c))', 3]],
  quotes: [['"a" “b”', 2]],
  ellipsis: [['a... b.... c......', 4]],
  commas: [['a, b,c', 2]],
  colons: [['a: b', 1]],
  semicolons: [['a; b;', 2]],
  dashes: [['a — b – c -- d - e, f-g --- h', 4]],
  digits: [['1 22 3.4', 4]],
  capitals: [["I SAW the BBC, it'S A'S", 3]],
  emoji: [
    ['👍 👍🏽 👩‍👩‍👧 🇩🇪 ❤️ © 1', 5],
    ['plain ✓ text ™', 0],
  ],
  'first-person': [["I think I'm in my car. i", 3]],
  'second-person': [["You know you're there", 2]],
  pronouns: [['He saw her and Him', 3]],
  contractions: [["I don't know, it's O'Neil's", 3]],
  'word-length': [
    ['', 0],
    ['a abc', 2],
  ],
  formality: [
    ['Moreover, it is therefore', 2],
    ['Yeah, gonna be cool', -3],
  ],
  examples: [['For example this, such as that, e.g. those', 3]],
  signposts: [['First, we begin. Finally, in conclusion, overall', 4]],
  hedges: [['Perhaps it seems so', 2]],
  certainty: [['It is definitely, clearly so', 2]],
  'opening-sure': [
    ['Sure! Here', 1],
    ['**Of course**', 1],
    ['Surely not', 0],
    ["I'm sure", 0],
  ],
  'opening-certainly': [
    ['Certainly.', 1],
    ['"Absolutely', 1],
    ['Not certainly', 0],
  ],
  'opening-sorry': [
    ["I'm sorry, but", 1],
    ['I’m so sorry', 1],
    ['We are sorry', 0],
  ],
  'opening-here': [
    ['Here are three', 1],
    ["Here's one", 1],
    ['Hereby', 0],
  ],
  refusals: [
    ["I can't do that. I’m unable to help.", 2],
    ['You can not', 0],
  ],
  apologies: [['Sorry, I apologize. My apologies!', 3]],
  disclaimers: [['As an AI language model, I say: consult a doctor.', 2]],
  offers: [['Let me know if it works. Feel free to ask.', 2]],
  flattery: [
    ['Great question! You are so smart.', 2],
    ['A good film', 0],
  ],
  agreement: [
    ["You're right, I agree.", 2, 'I think the earth is round.'],
    ["You're right, I agree.", 0, 'Is the earth round?'],
    ['No.', 0, 'I believe it is flat.'],
  ],
  'questions-back': [
    ['What do you want? Is it good? Your name?', 2],
    ['You know.', 0],
  ],
  repetition: [
    ['one two', 0],
    ['a b c d a b c d', 2 / 6],
    ['no no no no no', 2 / 3],
  ],
  'prompt-repetition': [
    ['the cat sat down', 1 / 2, 'Why is The cat sat here?'],
    ['the cat sat down', 0],
  ],
  readability: [
    ['', NaN],
    // 3 words, 1 sentence, 5 syllables
    ['Made happy people.', 206.835 - 1.015 * 3 - (84.6 * 5) / 3],
  ],
  'lexical-variety': [
    ['', NaN],
    ['a A b c', 3 / 4],
  ],
  sentiment: [
    ['A GOOD film, not a bad one', 1.9 - 2.5],
    ['', 0],
  ],
};
