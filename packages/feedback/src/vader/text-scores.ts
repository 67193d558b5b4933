import { nameEmoji, loadEmojiNames } from './emoji-names.ts';
import { loadVaderLexicon } from './lexicon.ts';
import type { Lexicon } from './lexicon.ts';
import { roundHalfEven } from './round-half-even.ts';
import { readSentence } from './sentence.ts';
import { wordValences } from './word-valences.ts';

/** VADER's four scores of a text. */
export interface VaderScores {
  /** The overall score, in [-1, 1], to four decimals. */
  readonly compound: number;
  /** Shares of positive, neutral and negative words, to three decimals; they sum to 1, or are all 0 for a text without words. */
  readonly pos: number;
  readonly neu: number;
  readonly neg: number;
}

/** The compound score of a sum x is x / sqrt(x^2 + 15), which large sums bring close to 1 or -1. */
const NORMALISER = 15;

/**
 * VADER's scores of texts (Hutto and Gilbert 2014), as computed by its authors' program vaderSentiment 3.3.2: valences
 * of words changed by degree adverbs, negation, capitals, "but", "least" and set phrases, and by exclamation and
 * question marks; emoji count as the words of their names.
 */
export function createVaderScorer(
  lexicon: Lexicon = loadVaderLexicon(),
): (text: string) => VaderScores {
  const names = loadEmojiNames();
  return (text) => {
    const sentence = readSentence(nameEmoji(text, names));
    return sumUp(wordValences(sentence, lexicon), punctuationEmphasis(sentence.text));
  };
}

function sumUp(valences: readonly number[], emphasis: number): VaderScores {
  if (valences.length === 0) return { compound: 0, pos: 0, neu: 0, neg: 0 };
  const sum = valences.reduce((total, valence) => total + valence, 0);
  const whole = sum + Math.sign(sum) * emphasis;
  // Each word counts as its valence plus 1, so that a neutral one counts as 1.
  let positive = 0;
  let negative = 0;
  for (const valence of valences) {
    if (valence > 0) positive += valence + 1;
    if (valence < 0) negative += 1 - valence;
  }
  const neutral = valences.filter((valence) => valence === 0).length;
  if (positive > negative) positive += emphasis;
  else if (positive < negative) negative += emphasis;
  const total = positive + negative + neutral;
  return {
    compound: roundHalfEven(whole / Math.sqrt(whole * whole + NORMALISER), 4),
    pos: roundHalfEven(positive / total, 3),
    neu: roundHalfEven(neutral / total, 3),
    neg: roundHalfEven(negative / total, 3),
  };
}

/** What exclamation marks (at most four) and two or more question marks add to the stronger side. */
function punctuationEmphasis(text: string): number {
  const exclamations = Math.min(4, count(text, '!'));
  const questions = count(text, '?');
  const questioning = questions < 2 ? 0 : questions < 4 ? questions * 0.18 : 0.96;
  return exclamations * 0.292 + questioning;
}

const count = (text: string, mark: string): number => text.split(mark).length - 1;
