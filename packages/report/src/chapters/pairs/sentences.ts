import { plainWord } from '@feedprint/core';
import type { Statement } from '../../chapter.ts';
import { plainPercent, quoted } from '../../plain.ts';
import { plural } from '../../text.ts';
import { judgedSplits } from './judged.ts';
import { toldSentence } from './told.ts';
import type { PreferencesReport, Report } from './schema.ts';

/** What the preference pairs say. */
export const sentences = ({ preferences }: Report): readonly Statement[] => [
  { importance: 90, text: words(preferences) },
  { importance: 90, text: accuracy(preferences) },
  { importance: 88, text: told(preferences) },
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

function told({ told: found }: PreferencesReport): string {
  const said = found ? toldSentence(found) : '';
  return said === '' ? '' : `${said}.`;
}

function accuracy(preferences: PreferencesReport): string {
  const judged = judgedSplits(preferences);
  const sentences = judged.flatMap(({ split, margin: main }) => {
    const { value } = main.accuracy;
    if (value === null) return [];
    const matched = main.comparisons.filter((each) => each.matched).map(({ control }) => control);
    const which = judged.length > 1 ? `${split} pair` : 'pair';
    const beside = matched.length > 0 ? ` (controls that do as well: ${matched.join(', ')})` : '';
    return [`${plainPercent(value)} of ${plural(main.accuracy.n, which)}${beside}`];
  });
  return sentences.length === 0
    ? ''
    : `The implicit margin prefers the labelled reply in ${sentences.join('; ')}.`;
}
