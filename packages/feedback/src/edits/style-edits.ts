import { wordsChange, wordsComeOrGo } from './also-moves.ts';
import { defineEdit } from './reply-edit.ts';
import { reversed, swapWords } from './swap-words.ts';

/** Longer words and shorter ones of the same sense and kind. */
const shorter: Readonly<Record<string, string>> = {
  consequence: 'result',
  demonstrate: 'show',
  demonstrates: 'shows',
  difficult: 'hard',
  discover: 'find',
  entire: 'whole',
  extremely: 'very',
  frequently: 'often',
  individuals: 'people',
  intelligent: 'smart',
  large: 'big',
  numerous: 'many',
  obtain: 'get',
  opportunity: 'chance',
  purchase: 'buy',
  quickly: 'fast',
  require: 'need',
  requires: 'needs',
  utilize: 'use',
  utilizes: 'uses',
};

/** Formal words and plain ones. */
const plain: Readonly<Record<string, string>> = {
  therefore: 'so',
  thus: 'so',
  hence: 'so',
  consequently: 'so',
  moreover: 'also',
  furthermore: 'also',
  nevertheless: 'still',
  nonetheless: 'still',
  regarding: 'about',
  concerning: 'about',
  upon: 'on',
  whereas: 'while',
  whilst: 'while',
  albeit: 'though',
};

/** Informal words and plain ones. */
const neutral: Readonly<Record<string, string>> = {
  yeah: 'yes',
  yep: 'yes',
  nope: 'no',
  gonna: 'going to',
  wanna: 'want to',
  gotta: 'have to',
  kinda: 'a bit',
  awesome: 'great',
  guys: 'people',
  kids: 'children',
  stuff: 'things',
  huge: 'large',
  super: 'very',
};

export const styleEdits = [
  defineEdit({
    name: 'word-length-off',
    definition: 'Writes shorter words for longer ones of the same sense.',
    property: 'word-length',
    direction: -1,
    alsoMoves: wordsChange,
    apply: swapWords(shorter),
  }),
  defineEdit({
    name: 'word-length-on',
    definition: 'Writes longer words for shorter ones of the same sense.',
    property: 'word-length',
    direction: 1,
    alsoMoves: wordsChange,
    apply: swapWords(reversed(shorter)),
  }),
  defineEdit({
    name: 'formality-off',
    definition: 'Writes plain words for formal ones.',
    property: 'formality',
    direction: -1,
    alsoMoves: wordsChange,
    apply: swapWords(plain),
  }),
  defineEdit({
    name: 'formality-on',
    definition: 'Writes plain words for informal ones.',
    property: 'formality',
    direction: 1,
    alsoMoves: wordsComeOrGo,
    apply: swapWords(neutral),
  }),
] as const;
