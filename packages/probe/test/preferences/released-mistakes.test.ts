import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import {
  createPreferenceStatistics,
  groupKFold,
  pairProbeScores,
  scorersOf,
} from '../../src/index.ts';
import { createPairs } from './pairs.ts';

// Result-changing mistakes of the paper's released code in its preference probes; each test fails if we make one of them.

const random = createRandom(21);
const PROMPTS = 40;
const REPLIES = 6;
const COLUMNS = 60;

/**
 * Pairs of which each prompt has six, with labels that are a coin toss per prompt. The features name the prompt: whoever has seen a
 * pair of the prompt knows the label of all six, whoever has not knows nothing.
 */
function promptPairs(): { difference: Matrix; prompts: Int32Array } {
  const difference = matrix(PROMPTS * REPLIES, COLUMNS);
  const prompts = Int32Array.from({ length: PROMPTS * REPLIES }, (_, i) => Math.floor(i / REPLIES));
  const directions = Array.from({ length: PROMPTS }, () =>
    Array.from({ length: COLUMNS }, () => random.normal()),
  );
  prompts.forEach((prompt, i) =>
    directions[prompt]?.forEach((value, j) => (difference.data[i * COLUMNS + j] = value)),
  );
  return { difference, prompts };
}

const accuracyOf = (scores: Float64Array): number =>
  scores.reduce((sum, score) => sum + (score > 0 ? 1 : score === 0 ? 0.5 : 0), 0) / scores.length;

describe('mistake 12: pairs that straddle the split', () => {
  const { difference, prompts } = promptPairs();

  test('are not there: the pairs of one prompt are never fitted on to judge another of it', () => {
    const folds = groupKFold(prompts, 5, createRandom(1));
    const together = accuracyOf(pairProbeScores({ difference, folds }));
    expect(Math.abs(together - 0.5)).toBeLessThan(0.2);
    // The mistake, made on purpose: a fold for every pair on its own finds the prompt again.
    const straddling = groupKFold(Int32Array.from(prompts.keys()), 5, createRandom(1));
    expect(accuracyOf(pairProbeScores({ difference, folds: straddling }))).toBeGreaterThan(0.9);
  });

  test('nor in the analysis, whose intervals resample prompts and not pairs', () => {
    const { input } = createPairs({ seed: 8, pairs: 240 });
    const statistics = createPreferenceStatistics({ resamples: 300 });
    const features = [{ name: 'tuned', description: '', role: 'probe' as const, difference }];
    const regrouped = { ...input, prompts };
    const scorers = scorersOf(statistics.analyse(regrouped));
    const grouped = statistics.probe({ ...regrouped, features, scorers });
    const probe = grouped.accuracies.find(({ scorer }) => scorer === 'tuned');
    expect(Math.abs((probe?.accuracy.value ?? 1) - 0.5)).toBeLessThan(0.2);
    const width = ({ accuracies }: typeof grouped, scorer: string): number => {
      const interval = accuracies.find((each) => each.scorer === scorer)?.accuracy.interval;
      return (interval?.high ?? 0) - (interval?.low ?? 0);
    };
    // Six pairs that stand or fall together are one observation: the interval is that of 40 prompts.
    expect(width(grouped, 'tuned')).toBeGreaterThan(1.5 * 2 * 1.96 * Math.sqrt(0.25 / 240));
  });
});

describe('mistake 12: accuracy that is never computed', () => {
  test('every probe and the margin have one on pairs not fitted on, with n and interval', () => {
    const { input } = createPairs({ seed: 8, pairs: 240 });
    const { difference } = promptPairs();
    const features = [{ name: 'tuned', description: '', role: 'probe' as const, difference }];
    const statistics = createPreferenceStatistics({ resamples: 50 });
    const scorers = scorersOf(statistics.analyse(input));
    const { accuracies } = statistics.probe({ ...input, features, scorers });
    const judged = accuracies.filter(({ role }) => role !== 'control');
    expect(judged.map(({ scorer }) => scorer)).toEqual(['implicit margin', 'tuned']);
    for (const { accuracy, comparisons } of judged) {
      expect(accuracy.n).toBe(240);
      expect(accuracy.value).not.toBeNull();
      expect(accuracy.interval).not.toBeNull();
      expect(comparisons.length).toBeGreaterThan(3);
    }
  });
});
