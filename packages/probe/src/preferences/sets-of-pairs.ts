import type { PreferenceInput } from './preference-input.ts';

/** The sets of pairs that accuracies are given for: all, then each split. */
export const setsOfPairs = ({
  prompts,
  splits,
}: Pick<PreferenceInput, 'prompts' | 'splits'>): ReadonlyMap<string, Int32Array> =>
  new Map([['all', Int32Array.from(prompts.keys())], ...splits]);
