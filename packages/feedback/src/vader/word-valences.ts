import { boost, emphasis, isBooster } from './boosters.ts';
import type { Lexicon } from './lexicon.ts';
import { leastNegation, negation, valenceBesideNo } from './negation.ts';
import { phraseValence } from './phrases.ts';
import type { Sentence } from './sentence.ts';

/** Number of words before a word that can change its valence. */
const REACH = 3;

/** The valence of each word of a sentence by all rules, 0 for words without one. */
export function wordValences(sentence: Sentence, lexicon: Lexicon): number[] {
  return weighContrast(
    sentence,
    sentence.words.map((_, at) => valenceAt(sentence, at, lexicon)),
  );
}

function valenceAt({ words, hasMixedCase }: Sentence, at: number, lexicon: Lexicon): number {
  const word = words[at];
  const isKindOf = word?.lower === 'kind' && words[at + 1]?.lower === 'of';
  if (!word || isBooster(word) || isKindOf || !lexicon.has(word.lower)) return 0;
  let valence = valenceBesideNo(words, at, lexicon);
  if (word.isLoud && hasMixedCase) valence += emphasis(valence);
  for (let distance = 1; distance <= REACH; distance++) {
    const before = words[at - distance];
    // Words with a valence of their own do not change that of others.
    if (!before || lexicon.has(before.lower)) continue;
    valence += boost(before, valence, { distance, hasMixedCase });
    valence *= negation(words, at, distance);
    if (distance === REACH) valence = phraseValence(words, at, valence);
  }
  return lexicon.has('least') ? valence : valence * leastNegation(words, at);
}

/**
 * What comes before the first "but" counts half, what comes after it one and a half times. As in the reference, a
 * change applies to the first word that has the same valence at that moment, which may be a different one.
 */
function weighContrast({ words }: Sentence, valences: readonly number[]): number[] {
  const but = words.findIndex(({ lower }) => lower === 'but');
  const weighed = [...valences];
  if (but < 0) return weighed;
  for (let i = 0; i < weighed.length; i++) {
    const valence = weighed[i] as number;
    const first = weighed.indexOf(valence);
    if (first !== but) weighed[first] = valence * (first < but ? 0.5 : 1.5);
  }
  return weighed;
}
