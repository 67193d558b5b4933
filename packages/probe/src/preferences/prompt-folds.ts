import type { Random } from '@feedprint/core';
import { groupKFold } from '../folds.ts';
import type { Fold } from '../folds.ts';

const FOLDS = 5;
/** Fewest prompts on which words and probes are fitted. */
const FEWEST_PROMPTS = 4 * FOLDS;

/** Folds of pairs that never divide those of one prompt; none where there are too few prompts to fit anything. */
export const promptFolds = (prompts: Int32Array, random: Random): readonly Fold[] =>
  new Set(prompts).size < FEWEST_PROMPTS ? [] : groupKFold(prompts, FOLDS, random.fork('folds'));
