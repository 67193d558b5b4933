import { plainWord } from '@feedprint/core';
import type { Statement } from '../../chapter.ts';
import { plainPercent, quoted } from '../../plain.ts';
import { plural } from '../../text.ts';
import type { PreferencesReport, Report } from './schema.ts';

/** What the preference pairs say. */
export const sentences = ({ preferences }: Report): readonly Statement[] => [
  { importance: 90, text: words(preferences) },
  { importance: 90, text: accuracy(preferences) },
];

function words({ words: all, flagged, pairs }: PreferencesReport): string {
  if (all.length === 0) return '';
  const found = all.filter((word) => word.flagged);
  const words =
    found.length === 0
      ? `None of ${plural(all.length, 'word')} was learned differently from what the preference pairs say`
      : `${found.length} of ${plural(all.length, 'word')} ${found.length === 1 ? 'was' : 'were'} learned differently from what the preference pairs say: ${quoted(found.map(({ word }) => plainWord(word)))}`;
  return `${words}; ${flagged} of ${plural(pairs, 'pair')} ${flagged === 1 ? 'contradicts its label' : 'contradict their labels'} (false discovery rate 5 %).`;
}

/** On the pairs of each split: where there are some, "all" mixes what tuning saw with what it did not. */
function accuracy({ accuracies, margins }: PreferencesReport): string {
  const named = margins.length > 1 ? margins.slice(1) : margins;
  const sentences = named.flatMap(({ split }) => {
    const main = accuracies.find((each) => each.split === split && each.role === 'learned');
    const value = main?.accuracy.value;
    if (!main || value === null || value === undefined) return [];
    const matched = main.comparisons.filter((each) => each.matched).map(({ control }) => control);
    const which = named.length > 1 ? `${split} pair` : 'pair';
    const beside = matched.length > 0 ? ` (controls that do as well: ${matched.join(', ')})` : '';
    return [`${plainPercent(value)} of ${plural(main.accuracy.n, which)}${beside}`];
  });
  return sentences.length === 0
    ? ''
    : `The implicit margin prefers the labelled reply in ${sentences.join('; ')}.`;
}
