import { createRandom, FeedprintError } from '@feedprint/core';
import { findPairContradictions } from './pair-contradictions.ts';
import type { PairContradiction } from './pair-contradictions.ts';
import { measurePair } from './implied-margin.ts';
import type { PairMeasures } from './implied-margin.ts';
import { pairAccuracies } from './pair-accuracy.ts';
import type { PairScorer } from './pair-accuracy.ts';
import { readWords } from './pair-words.ts';
import type { WordReading } from './pair-words.ts';
import type { PairFinding, PairWord, PreferenceAnalysis } from './preference-analysis.ts';
import type { PreferenceInput, PreferenceOptions } from './preference-input.ts';
import { promptFolds } from './prompt-folds.ts';
import { setsOfPairs } from './sets-of-pairs.ts';

/** Number of words named per pair. */
const NAMED = 3;

/**
 * What preference data say and what the tuned model learned from them: how often each way of scoring replies prefers
 * the labelled one, compared with controls; each word's weight in the data and as learned; and each pair's margin
 * against its label. Folds and resamples never divide the pairs of one prompt. Throws `shape-mismatch` for lists of
 * unequal length, `numbers-invalid`.
 */
export function analysePreferences(
  input: PreferenceInput,
  { resamples }: PreferenceOptions,
): PreferenceAnalysis {
  assertPairs(input);
  const random = createRandom(input.seed).fork('preferences');
  const measures = input.chosen.map((chosen, i) =>
    measurePair(chosen, input.rejected[i] as typeof chosen),
  );
  const folds = promptFolds(input.prompts, random);
  const reading = readWords(input, measures, folds);
  const scorers = [...measureScorers(measures), ...(folds.length > 0 ? [bagOfWords(reading)] : [])];
  const contradictions = findPairContradictions({ pairs: measures, ...reading });
  return {
    accuracies: [...setsOfPairs(input)].flatMap(([split, pairs]) =>
      pairAccuracies(scorers, {
        prompts: input.prompts,
        split,
        pairs,
        random: random.fork(`accuracy ${split}`),
        resamples,
      }),
    ),
    scores: Object.fromEntries(scorers.map(({ scorer, scores }) => [scorer, Array.from(scores)])),
    words: wordsOf(reading, contradictions),
    pairs: measures.map((measure, i) => pairOf(measure, contradictions[i], reading, i)),
    explained: reading.explained,
  };
}

function measureScorers(measures: readonly PairMeasures[]): PairScorer[] {
  const by = (value: (measure: PairMeasures) => number): number[] => measures.map(value);
  return [
    {
      scorer: 'implicit margin',
      description:
        'Sum over the reply of log p tuned - log p base, chosen minus rejected: what the tuned model itself prefers.',
      role: 'learned',
      scores: by(({ margin }) => margin),
    },
    {
      scorer: 'base model',
      description: 'log p base of the chosen reply minus that of the rejected one.',
      role: 'control',
      scores: by(({ basePreference }) => basePreference),
    },
    {
      scorer: 'base model per token',
      description: 'The same per token of each reply.',
      role: 'control',
      scores: by(({ basePreferencePerToken }) => basePreferencePerToken),
    },
    {
      scorer: 'length',
      description: 'Tokens of the chosen reply minus those of the rejected one.',
      role: 'control',
      scores: by(({ lengthDifference }) => lengthDifference),
    },
  ];
}

/** Words alone, out of fold. */
const bagOfWords = ({ inData }: WordReading): PairScorer => ({
  scorer: 'bag of words',
  description: 'Bradley-Terry weights of words, fitted on pairs with other prompts: no model.',
  role: 'control',
  scores: inData,
});

function wordsOf(reading: WordReading, contradictions: readonly PairContradiction[]): PairWord[] {
  const flagged = contradictions.flatMap((pair, i) => (pair.flagged ? [i] : []));
  const carried = new Map<number, number>();
  let total = 0;
  for (const i of flagged) {
    for (const { column, part } of reading.contradictionOf(i)) {
      carried.set(column, (carried.get(column) ?? 0) + part);
      total += part;
    }
  }
  return reading.words
    .map((word, column) => ({
      ...word,
      carries: total > 0 ? (carried.get(column) ?? 0) / total : null,
    }))
    .sort((a, b) => Math.abs(b.score) - Math.abs(a.score) || a.token - b.token);
}

function pairOf(
  measure: PairMeasures,
  contradiction: PairContradiction | undefined,
  reading: WordReading,
  i: number,
): PairFinding {
  const { margin, chosenReward, rejectedReward, basePreference, lengthDifference } = measure;
  const { score = 0, p = 1, q = 1, flagged = false } = contradiction ?? {};
  const words = reading
    .contradictionOf(i)
    .filter(({ part }) => part > 0)
    .sort((a, b) => b.part - a.part || a.column - b.column)
    .slice(0, NAMED)
    .map(({ column }) => (reading.words[column] as PairWord).token);
  return {
    margin,
    chosenReward,
    rejectedReward,
    basePreference,
    lengthDifference,
    inData: reading.inData[i] as number,
    learned: reading.learned[i] as number,
    score,
    p,
    q,
    flagged,
    words,
  };
}

function assertPairs({ prompts, chosen, rejected }: PreferenceInput): void {
  const n = chosen.length;
  if (prompts.length === n && rejected.length === n) return;
  throw new FeedprintError({
    code: 'shape-mismatch',
    message: `${n} chosen replies came with ${rejected.length} rejected ones and ${prompts.length} prompts`,
    remedy: 'pass one prompt and two replies per pair',
  });
}
