import { createRandom, FeedprintError } from '@feedprint/core';
import type { Random } from '@feedprint/core';
import type { Fold } from '../folds.ts';
import { pairAccuracies } from './pair-accuracy.ts';
import type { PairAccuracy, PairScorer } from './pair-accuracy.ts';
import { pairProbeScores } from './pair-probe.ts';
import { pooledAccuracies } from './pooled-probe.ts';
import type { PooledAccuracy, PooledFeatures } from './pooled-probe.ts';
import type { PreferenceAnalysis } from './preference-analysis.ts';
import type { PairFeatures, PreferenceInput, PreferenceOptions } from './preference-input.ts';
import { promptFolds } from './prompt-folds.ts';
import { setsOfPairs } from './sets-of-pairs.ts';

export interface PairProbeInput extends Pick<PreferenceInput, 'prompts' | 'splits' | 'seed'> {
  readonly features: readonly PairFeatures[];
  /** What the probes are judged beside; see `scorersOf`. */
  readonly scorers: readonly PairScorer[];
  /** What probes that look at one reply at a time read. Default: there are none. */
  readonly pooled?: readonly PooledFeatures[];
}

/** What probes on features say of pairs. */
export interface PairProbes {
  /** Of the scorers given, then of the probes, each compared with every control. */
  readonly accuracies: readonly PairAccuracy[];
  /** Each probe's score of each pair, by its name. */
  readonly scores: PreferenceAnalysis['scores'];
  /** How often one reply by itself is told to be the chosen one. */
  readonly pooled: readonly PooledAccuracy[];
}

/**
 * How often probes on features of the replies prefer the labelled one in pairs of prompts that they have not seen. With the seed of
 * an analysis, folds and resamples are those of the analysis. No probe is fitted where there are too few prompts. Throws
 * `shape-mismatch` for features of another number of pairs.
 */
export function probePairs(input: PairProbeInput, { resamples }: PreferenceOptions): PairProbes {
  const { prompts, features, scorers } = input;
  if (features.some(({ difference }) => difference.rows !== prompts.length)) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `features of another number of pairs came with ${prompts.length} prompts`,
      remedy: 'pass one row of each features per pair',
    });
  }
  const random = createRandom(input.seed).fork('preferences');
  const folds = promptFolds(prompts, random);
  const probes = folds.length === 0 ? [] : fitProbes(input, folds, random);
  return {
    accuracies: [...setsOfPairs(input)].flatMap(([split, pairs]) =>
      pairAccuracies([...scorers, ...probes], {
        prompts,
        split,
        pairs,
        random: random.fork(`accuracy ${split}`),
        resamples,
      }),
    ),
    scores: Object.fromEntries(probes.map(({ scorer, scores }) => [scorer, Array.from(scores)])),
    pooled: pooledAccuracies(input.pooled ?? [], {
      ...{ prompts, folds, resamples },
      random: random.fork('pooled'),
    }),
  };
}

/** The probes, and the first that may know something on labels that say nothing. */
function fitProbes(
  { prompts, features }: PairProbeInput,
  folds: readonly Fold[],
  random: Random,
): PairScorer[] {
  const probes = features.map(({ name, description, role, difference }): PairScorer => ({
    scorer: name,
    description,
    role,
    scores: pairProbeScores({ difference, folds }),
  }));
  const probed = features.find(({ role }) => role === 'probe');
  if (!probed) return probes;
  const swap = random.fork('shuffled labels');
  const signs = Float64Array.from(prompts, () => (swap.next() < 0.5 ? -1 : 1));
  const shuffled = pairProbeScores({ difference: probed.difference, folds, signs });
  return [
    ...probes,
    {
      scorer: 'shuffled labels',
      description: `The probe "${probed.name}", fitted and judged on randomly shuffled labels.`,
      role: 'control',
      scores: shuffled.map((score, i) => score * (signs[i] as number)),
    },
  ];
}

/** The scorers that an analysis judged. */
export const scorersOf = ({
  accuracies,
  scores,
}: Pick<PreferenceAnalysis, 'accuracies' | 'scores'>): PairScorer[] =>
  accuracies
    .filter(({ split }) => split === 'all')
    .map(({ scorer, description, role }) => ({
      scorer,
      description,
      role,
      scores: scores[scorer] ?? [],
    }));
