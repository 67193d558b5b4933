/** How a word is inflected, as far as its ending tells. */
export type Ending = 'ed' | 'ing' | 's' | 'er' | 'est' | 'ly' | 'none';

const endings = ['ed', 'ing', 'est', 'er', 'ly', 's'] as const;
/** Letters before an ending, without which it is a part of the word: "bed", "best", "sly". */
const STEM = 3;

/** The ending of a word in lower case: `liked` has `ed`, `best` and `boss` have `none`. */
export function endingOf(word: string): Ending {
  const found = endings.find(
    (ending) => word.endsWith(ending) && word.length - ending.length >= STEM,
  );
  return found === undefined || (found === 's' && /[sui]s$/.test(word)) ? 'none' : found;
}

/** A word in lower case written as another one is: lower, Capitalised or UPPER; `undefined` where that one is written otherwise. */
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
