import { createRandom, FeedprintError } from '@feedprint/core';
import type { Random } from '@feedprint/core';
import { groupKFold } from '../folds.ts';
import type { Fold } from '../folds.ts';
import { findPairContradictions } from './pair-contradictions.ts';
import type { PairContradiction } from './pair-contradictions.ts';
import { measurePair } from './implied-margin.ts';
import type { PairMeasures } from './implied-margin.ts';
import { pairAccuracies } from './pair-accuracy.ts';
import type { PairScorer } from './pair-accuracy.ts';
import { pooledAccuracies } from './pooled-probe.ts';
import { pairProbeScores } from './pair-probe.ts';
import { readWords } from './pair-words.ts';
import type { WordReading } from './pair-words.ts';
import type { PairFinding, PairWord, PreferenceAnalysis } from './preference-analysis.ts';
import type { PreferenceInput } from './preference-input.ts';

/** Prompt-disjoint folds. */
const FOLDS = 5;
/** Fewest prompts on which words and probes are fitted. */
const FEWEST_PROMPTS = 4 * FOLDS;
/** Number of words named per pair. */
const NAMED = 3;

export interface PreferenceOptions {
  /** Bootstrap resamples per interval. */
  readonly resamples: number;
}

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
  const prompts = new Set(input.prompts).size;
  const folds =
    prompts < FEWEST_PROMPTS ? [] : groupKFold(input.prompts, FOLDS, random.fork('folds'));
  const reading = readWords(input, measures, folds);
  const scorers = [
    ...measureScorers(measures),
    ...(folds.length > 0 ? fittedScorers(input, reading, folds, random) : []),
  ];
  const everyPair = new Map([['all', Int32Array.from(measures.keys())], ...input.splits]);
  const contradictions = findPairContradictions({ pairs: measures, ...reading });
  return {
    accuracies: [...everyPair].flatMap(([split, pairs]) =>
      pairAccuracies(scorers, {
        prompts: input.prompts,
        split,
        pairs,
        random: random.fork(`accuracy ${split}`),
        resamples,
      }),
    ),
    pooled: pooledAccuracies(input, { folds, random: random.fork('pooled'), resamples }),
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

function fittedScorers(
  { features, chosen }: PreferenceInput,
  reading: WordReading,
  folds: readonly Fold[],
  random: Random,
): PairScorer[] {
  const probes = features.map(({ name, description, role, difference }): PairScorer => ({
    scorer: name,
    description,
    role,
    scores: pairProbeScores({ difference, folds }),
  }));
  const [probed] = features.filter(({ role }) => role === 'probe');
  const swap = random.fork('shuffled labels');
  const signs = Float64Array.from(chosen, () => (swap.next() < 0.5 ? -1 : 1));
  const shuffled = probed && pairProbeScores({ difference: probed.difference, folds, signs });
  return [
    {
      scorer: 'bag of words',
      description: 'Bradley-Terry weights of words, fitted on pairs with other prompts: no model.',
      role: 'control',
      scores: reading.inData,
    },
    ...probes,
    ...(shuffled
      ? [
          {
            scorer: 'shuffled labels',
            description: `The probe "${probed.name}", fitted and judged on randomly shuffled labels.`,
            role: 'control' as const,
            scores: shuffled.map((score, i) => score * (signs[i] as number)),
          },
        ]
      : []),
  ];
}

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

function assertPairs({ prompts, chosen, rejected, features }: PreferenceInput): void {
  const n = chosen.length;
  const same = prompts.length === n && rejected.length === n;
  if (same && features.every(({ difference }) => difference.rows === n)) return;
  throw new FeedprintError({
    code: 'shape-mismatch',
    message: `${n} chosen replies came with ${rejected.length} rejected ones, ${prompts.length} prompts and features of other numbers`,
    remedy: 'pass one prompt, two replies and one row of each features per pair',
  });
}
