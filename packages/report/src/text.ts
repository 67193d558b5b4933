import { count } from './format.ts';

/**
 * Characters that a reader cannot see or that reorder what stands around them: controls, bidi and zero-width characters, fillers.
 * Line ends, tabs and the emoji variation selector stay.
 */
const invisible = /(?!\n|\t|\uFE0F)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const printable = /^[\x20-\x7e]*$/;
const loneSurrogate = /\p{Cs}/gu;

/** The text with invisible and reordering characters spelled out (`⟨U+202E⟩`) and lone surrogates replaced by U+FFFD. */
export function visible(text: string): string {
  if (printable.test(text)) return text;
  return text.replace(loneSurrogate, '\uFFFD').replace(invisible, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `⟨U+${hex}⟩`;
  });
}

/** The text on one line, made visible and cut to `length` characters with an ellipsis. */
export function shorten(text: string, length: number): string {
  const line = Array.from(visible(text).replace(/[\n\t]/g, ' '));
  return line.length <= length ? line.join('') : `${line.slice(0, length - 1).join('')}…`;
}

/** Rough width of a line of system sans-serif text, in pixels, for laying out labels. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    width += code >= 0x1100 ? 1 : /[A-Z0-9mw_−+]/.test(character) ? 0.62 : 0.54;
  }
  return width * fontSize;
}

/** `1 word`, `1,200 words`. */
export function plural(number: number, noun: string, many = `${noun}s`): string {
  return `${count(number)} ${number === 1 ? noun : many}`;
}

/** `a, b and c`. */
export function listed(items: readonly string[]): string {
  const last = items.at(-1);
  if (last === undefined) return '';
  return items.length === 1 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}
