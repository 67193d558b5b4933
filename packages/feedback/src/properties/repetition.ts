import { defineProperty } from './define-property.ts';
import { rememberTexts } from './remember-texts.ts';
import { wordsOf } from './words.ts';

/** A number for each different word of a text, in order of appearance. */
type Numbers = ReadonlyMap<string, number>;

const numbersOf = rememberTexts((text): Numbers => {
  const numbers = new Map<string, number>();
  for (const word of wordsOf(text)) if (!numbers.has(word)) numbers.set(word, numbers.size);
  return numbers;
});

/**
 * A number for each run of three words, equal where the runs are, and -1 for a run with a word that has no number. Exact
 * up to 2 ** 17 different words; of texts with more, different runs may count as equal.
 */
function runsOfThree(words: readonly string[], numbers: Numbers): Float64Array {
  const runs = new Float64Array(Math.max(0, words.length - 2));
  let first = -1;
  let second = -1;
  words.forEach((word, i) => {
    const third = numbers.get(word) ?? -1;
    const known = first >= 0 && second >= 0 && third >= 0;
    if (i >= 2) runs[i - 2] = known ? (first * 131_072 + second) * 131_072 + third : -1;
    first = second;
    second = third;
  });
  return runs;
}

const runsOfPrompt = rememberTexts(
  (prompt): ReadonlySet<number> => new Set(runsOfThree(wordsOf(prompt), numbersOf(prompt))),
);

/** The share of `runs` that `seen` has; 0 of none. */
function shareOf(runs: Float64Array, seen: ReadonlySet<number>): number {
  let count = 0;
  for (const run of runs) if (seen.has(run)) count++;
  return count / Math.max(1, runs.length);
}

export const repetitions = [
  defineProperty({
    name: 'repetition',
    definition: 'The share of runs of three words that stood in the reply before.',
    measure: (reply) => {
      const runs = runsOfThree(wordsOf(reply), numbersOf(reply));
      return runs.length === 0 ? 0 : 1 - new Set(runs).size / runs.length;
    },
  }),
  defineProperty({
    name: 'prompt-repetition',
    definition: 'The share of runs of three words that stand in the prompt.',
    inWords: { more: 'more repetition of the prompt', less: 'less repetition of the prompt' },
    measure: (reply, prompt) => {
      const seen = runsOfPrompt(prompt);
      return seen.size === 0 ? 0 : shareOf(runsOfThree(wordsOf(reply), numbersOf(prompt)), seen);
    },
  }),
] as const;
