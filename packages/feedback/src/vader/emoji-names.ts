import { readPackaged } from './read-packaged.ts';

/** An emoji of one code point -> its Unicode name. */
export type EmojiNames = ReadonlyMap<string, string>;

/**
 * Where the final list of Emoji 11, by which VADER names emoji, differs from the draft in npm's `emoji.json` 11.0.0.
 */
const updates = [
  ['🎒', 'school backpack'],
  ['🥿', 'woman’s flat shoe'],
  ['🧱', 'bricks'],
  ['🏻', 'light skin tone'],
  ['🏼', 'medium-light skin tone'],
  ['🏽', 'medium skin tone'],
  ['🏾', 'medium-dark skin tone'],
  ['🏿', 'dark skin tone'],
] as const;

/** Marks the names that were new in that release. */
const newcomer = /^⊛ /;

/**
 * The 1,212 emoji of one code point in Unicode's Emoji 11 and their English names, from npm's `emoji.json` 11.0.0, plus
 * eight names that changed before the release: the ones that VADER's reference implementation knows. Throws
 * `dependency-missing` if the package is not installed.
 */
export function loadEmojiNames(): EmojiNames {
  const json = readPackaged(
    () => import.meta.resolve('emoji.json/emoji.json'),
    'emoji.json@11.0.0',
  );
  const entries = JSON.parse(json) as readonly { readonly char: string; readonly name: string }[];
  const single = entries.flatMap(({ char, name }) => {
    const [emoji = '', ...rest] = char.replaceAll('\ufe0f', '');
    return rest.length === 0 ? [[emoji, name.replace(newcomer, '')] as const] : [];
  });
  return new Map([...single, ...updates]);
}

/**
 * The text with each emoji replaced by its name, with a space before it unless there already is one. Nothing is added
 * after a name, so that what directly follows an emoji, even the selector in "❤️", sticks to the name's last word, as
 * in the reference.
 */
export function nameEmoji(text: string, names: EmojiNames): string {
  let named = '';
  let spaced = true;
  for (const character of text) {
    const name = names.get(character);
    named += name === undefined ? character : spaced ? name : ` ${name}`;
    spaced = character === ' ';
  }
  return named;
}
