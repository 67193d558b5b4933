/** How a word is inflected, as far as its ending shows. */
export type Ending = 'ed' | 'ing' | 's' | 'er' | 'est' | 'ly' | 'none';

const endings = ['ed', 'ing', 'est', 'er', 'ly', 's'] as const;
/** Fewest letters before an ending; with fewer, it is part of the word itself: "bed", "best", "sly". */
const STEM = 3;

/** The ending of a word in lower case: `liked` has `ed`, `best` and `boss` have `none`. */
export function endingOf(word: string): Ending {
  const found = endings.find(
    (ending) => word.endsWith(ending) && word.length - ending.length >= STEM,
  );
  return found === undefined || (found === 's' && /[sui]s$/.test(word)) ? 'none' : found;
}

/**
 * A word in lower case, rewritten in the case of another: lower, Capitalised or UPPER; `undefined` if that one is
 * written in any other way.
 */
export function inCaseOf(written: string, word: string): string | undefined {
  const lower = written.toLowerCase();
  if (written === lower) return word;
  if (written === capitalised(lower)) return capitalised(word);
  return written === lower.toUpperCase() ? word.toUpperCase() : undefined;
}

function capitalised(word: string): string {
  const [first = '', ...rest] = word;
  return first.toUpperCase() + rest.join('');
}
