import { plural } from '../../text.ts';
import type { Report } from './schema.ts';

type Run = Report['validation']['ablation'][number];

/** Rank p-value above which random features did as much. */
export const CHANCE = 0.05;

/**
 * Whether ablating one of the sets of features did more than ablating random ones, both by the feedback of completions and
 * by the expected feedback; null: not tested.
 */
export function beyondRandom(runs: readonly Run[]): boolean | null {
  const tested = runs.flatMap(({ kind, reward, expected }) =>
    (kind === 'related' || kind === 'carriers') && reward.p !== null && expected.p !== null
      ? [Math.max(reward.p, expected.p)]
      : [],
  );
  return tested.length === 0 ? null : tested.some((p) => p <= CHANCE);
}

/** The heading of the test, with what came of it. */
export function outcome(runs: readonly Run[]): { readonly title: string; readonly brief?: string } {
  const beyond = beyondRandom(runs);
  if (beyond === null) return { title: 'Does it hold up when put to the test?' };
  const draws = runs.filter(({ kind }) => kind === 'random').length;
  return {
    title: beyond
      ? 'Switching these features off does more than switching off random ones'
      : 'Switching these features off does no more than switching off random ones',
    brief: `compared with ${plural(draws, 'random set')}`,
  };
}
