import { FeedprintError } from '@feedprint/core';
import { readPackaged } from './read-packaged.ts';

/** Entry -> mean valence in [-4, 4]. */
export type Lexicon = ReadonlyMap<string, number>;

/**
 * Entries in which the lexicon file of npm's `vader-sentiment` 1.1.3 is behind the authors' current one
 * (github.com/cjhutto/vaderSentiment at 44fc044, MIT).
 */
const updates = [
  ['badass', 1.4],
  ['flawed', -2.1],
  ['heart', 3.2],
  ['hearts', 3.3],
] as const;

/**
 * The VADER lexicon (Hutto and Gilbert 2014) as its authors publish it now: 7,506 entries (7,520 lines, 14 of which
 * repeat an entry). Read from the file `vader_lexicon.txt` in npm's `vader-sentiment`, of which nothing else is used,
 * with the four entries that have changed since. Throws `dependency-missing` if that package is not installed.
 */
export function loadVaderLexicon(): Lexicon {
  const text = readPackaged(
    () => import.meta.resolve('vader-sentiment/vader_lexicon.txt'),
    'vader-sentiment@1.1.3',
  );
  return new Map([...parseVaderLexicon(text), ...updates]);
}

/**
 * Reads a lexicon in VADER's format: lines of entry, tab, mean valence, then anything after a further tab; blank lines
 * are skipped. Of repeated entries, the last one counts, as in VADER. Valences may range from -`most` to `most`
 * (default 4, as in VADER). Throws `config-invalid` naming the line.
 */
export function parseVaderLexicon(
  text: string,
  { most = 4 }: { readonly most?: number } = {},
): Lexicon {
  const lexicon = new Map<string, number>();
  text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .forEach((line, index) => {
      if (line.trim() === '') return;
      const [entry = '', mean = ''] = line.split('\t');
      const valence = mean.trim() === '' ? NaN : Number(mean);
      if (entry === '' || !(Math.abs(valence) <= most)) {
        throw new FeedprintError({
          code: 'config-invalid',
          message: `line ${index + 1} of the lexicon is not an entry, a tab and a ${most === 4 ? 'valence in [-4, 4]' : 'number'}: ${JSON.stringify(line.slice(0, 60))}`,
          remedy: "use a lexicon in the format of VADER's vader_lexicon.txt",
        });
      }
      lexicon.set(entry, valence);
    });
  if (lexicon.size === 0) {
    throw new FeedprintError({
      code: 'feedback-empty',
      message: 'the lexicon has no entries',
      remedy: "use a lexicon in the format of VADER's vader_lexicon.txt",
    });
  }
  return lexicon;
}
