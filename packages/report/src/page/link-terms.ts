import type { Term } from '../chapter.ts';
import { escapeText, Markup } from '../html.ts';
import { termId } from './glossary.ts';

/** Elements whose text stays as it is: links and pictures, headings, what is pressed, what is typed. */
const left = new Set(['a', 'svg', 'h2', 'h3', 'h4', 'summary', 'button', 'label', 'code', 'bdi']);

/** Shorter names would be found in formulas. */
const SHORTEST = 3;

/** Links the first mention of each term in the text to its entry in the glossary. */
export function linkTerms({ source }: Markup, terms: readonly Term[]): Markup {
  const open = new Map(terms.map((term) => [term, patternOf(term)] as const));
  const within: string[] = [];
  const linked = source.split(/(<[^>]*>)/).map((piece) => {
    const tag = /^<(\/?)([a-z0-9]+)[^>]*?(\/?)>$/i.exec(piece);
    if (tag) {
      const [, closing, name = '', empty] = tag;
      if (!left.has(name) || empty) return piece;
      if (closing) within.pop();
      else within.push(name);
      return piece;
    }
    return within.length > 0 ? piece : linkIn(piece, open);
  });
  return new Markup(linked.join(''));
}

/** Links in one text, and takes what it linked out of `open`. */
function linkIn(text: string, open: Map<Term, RegExp | undefined>): string {
  for (const [term, pattern] of open) {
    const found = pattern?.exec(text);
    if (!found) continue;
    open.delete(term);
    const [name] = found;
    const after = text.slice(found.index + name.length);
    return `${linkIn(text.slice(0, found.index), open)}<a href="#${termId(term)}">${name}</a>${linkIn(after, open)}`;
  }
  return text;
}

/** Finds any name of a term, as a word of its own. */
function patternOf({ term }: Term): RegExp | undefined {
  const names = term
    .split(', ')
    .filter((name) => name.length >= SHORTEST)
    .map((name) => escapeText(name).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  if (names.length === 0) return undefined;
  return new RegExp(`(?<![\\p{L}\\p{N}&])(?:${names.join('|')})(?![\\p{L}\\p{N};])`, 'iu');
}
