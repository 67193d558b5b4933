import type { PairAccuracyReport } from '../../pair-accuracy.ts';
import type { PreferencesReport } from './schema.ts';

/** What the margins say of the labels over a set of pairs. */
export interface JudgedSplit {
  readonly split: string;
  readonly margin: PairAccuracyReport;
  readonly verdict: 'learned' | 'reversed' | 'undecided';
}

/** The margins on each split that the file names; without any, on all pairs: "all" mixes what tuning saw with what it did not. */
export function judgedSplits({ accuracies, margins }: PreferencesReport): JudgedSplit[] {
  const named = margins.length > 1 ? margins.slice(1) : margins;
  return named.flatMap(({ split }) => {
    const margin = accuracies.find((each) => each.split === split && each.role === 'learned');
    return margin ? [{ split, margin, verdict: verdictOf(margin) }] : [];
  });
}

/** Learned where the margin is right more often than not, and more often than the controls that know no label. */
function verdictOf({ accuracy, comparisons }: PairAccuracyReport): JudgedSplit['verdict'] {
  const { interval } = accuracy;
  if (interval !== null && interval.high < 0.5) return 'reversed';
  const matched = comparisons.some(
    (control) => control.matched && control.control !== 'bag of words',
  );
  return interval !== null && interval.low > 0.5 && !matched ? 'learned' : 'undecided';
}

/** Of all pairs: what was learned of any split counts, since tuning may have seen only one. */
export function verdictOn(preferences: PreferencesReport): JudgedSplit['verdict'] {
  const verdicts = judgedSplits(preferences).map(({ verdict }) => verdict);
  return verdicts.find((verdict) => verdict !== 'undecided') ?? 'undecided';
}
