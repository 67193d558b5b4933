import { rememberTexts } from './remember-texts.ts';

/**
 * The sentences of a text, each with its marks: they end with a full stop, question mark, exclamation mark or ellipsis
 * (and quotation marks or brackets that close there) before white space, with their wide forms, and with a line.
 * Segments without a letter, such as the number of a line in a list, are none.
 */
export const sentencesOf = rememberTexts((text): readonly string[] => {
  const sentences: string[] = [];
  let from = 0;
  const add = (to: number): void => {
    const sentence = text.slice(from, to).trim();
    if (/\p{L}/u.test(sentence)) sentences.push(sentence);
    from = to;
  };
  for (const { 0: end, index } of text.matchAll(ends)) add(index + end.length);
  add(text.length);
  return sentences;
});

const ends = /[.!?…]["'”’)\]*_]{0,3}\s+|[。！？]|\n+/g;
