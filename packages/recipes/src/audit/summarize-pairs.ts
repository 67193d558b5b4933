import { plainWord } from '@feedprint/core';
import type { AuditReport } from '@feedprint/core';

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** What the preference pairs say, in sentences; nothing without pairs. */
export function summarizePairs({ preferences }: Pick<AuditReport, 'preferences'>): string[] {
  if (!preferences) return [];
  return [words(preferences), accuracy(preferences)].filter((text) => text !== '');
}

type Preferences = NonNullable<AuditReport['preferences']>;

function words({ words: all, flagged, pairs }: Preferences): string {
  if (all.length === 0) return '';
  const found = all.filter((word) => word.flagged);
  const named = found.slice(0, 12).map(({ word }) => `"${plainWord(word)}"`);
  const rest = found.length > 12 ? ` and ${found.length - 12} more` : '';
  const words =
    found.length === 0
      ? `No word of ${all.length} was learned otherwise than the preference pairs say`
      : `${found.length} of ${all.length} words were learned otherwise than the preference pairs say: ${named.join(', ')}${rest}`;
  return `${words}; ${flagged} of ${pairs} pairs contradict their label (false discovery rate 5 %).`;
}

/** On the pairs of each split: where there are some, "all" mixes what tuning saw with what it did not. */
function accuracy({ accuracies, margins }: Preferences): string {
  const named = margins.length > 1 ? margins.slice(1) : margins;
  const sentences = named.flatMap(({ split }) => {
    const main = accuracies.find((each) => each.split === split && each.role === 'learned');
    const value = main?.accuracy.value;
    if (!main || value === null || value === undefined) return [];
    const matched = main.comparisons.filter((each) => each.matched).map(({ control }) => control);
    const where = named.length > 1 ? ` of ${split}` : '';
    const beside = matched.length > 0 ? ` (controls that do as well: ${matched.join(', ')})` : '';
    return [`${percent(value)} of ${main.accuracy.n} pairs${where}${beside}`];
  });
  return sentences.length === 0
    ? ''
    : `The implicit margin prefers the labelled reply in ${sentences.join('; ')}.`;
}
