import { REWARDED_SHARE, UNASKED_SHARE } from '../properties/carrying-properties.ts';
import type { JudgedProperty } from '../properties/judged-property.ts';
import { BOUND } from '../properties/rewarded-properties.ts';
import { normalCdf } from '../statistics/normal.ts';

/** Something that was learned beyond what was told, and how probable it is that it was not. */
export interface BeyondTold {
  readonly kind: 'word' | 'property';
  readonly name: string;
  /**
   * Of a property the chance that its share of what was learned is seen so far beyond the margin where it is within it,
   * one-sided, times the number of properties. Of a word the posterior probability that it was not learned the other way round.
   */
  readonly chance: number;
}

/** What is looked at of a word. */
interface FlaggedWord {
  readonly word: string;
  readonly reversed: number;
  readonly flagged: boolean;
}

/** Words that were learned against what was told of them. */
export const wordsBeyondTold = (words: readonly FlaggedWord[]): BeyondTold[] =>
  words
    .filter(({ flagged }) => flagged)
    .map(({ word, reversed }) => ({
      kind: 'word',
      name: word,
      chance: 1 - reversed,
    }));

export interface BeyondOptions {
  /** Whether what the labels reward counts as told. */
  readonly labelsTell: boolean;
}

/** Properties of replies that were learned and nobody asked for. */
export function propertiesBeyondTold(
  properties: readonly JudgedProperty[],
  { labelsTell }: BeyondOptions,
): BeyondTold[] {
  const judged = properties.filter(({ learned }) => learned !== null).length;
  return properties.flatMap(({ name, verdict, flagged, share, learned }): BeyondTold[] => {
    const isInData = verdict === 'in-data-and-learned';
    if (!flagged || !share || !learned || (isInData && labelsTell)) return [];
    const margin = isInData ? REWARDED_SHARE : UNASKED_SHARE;
    const error = (share.high - share.low) / (2 * BOUND);
    const chance = Math.min(1, judged * normalCdf((margin - share.value) / error));
    return [{ kind: 'property', name, chance }];
  });
}
