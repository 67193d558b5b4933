import type { ChapterAnswer, HeadPicture, NextStep } from '../../chapter.ts';
import { anotherFolder, flagOf, isDemo, startedOtherwise } from '../../commands.ts';
import { html } from '../../html.ts';
import { plainPercent } from '../../plain.ts';
import { plural } from '../../text.ts';
import { judgedSplits, verdictOn } from './judged.ts';
import type { JudgedSplit } from './judged.ts';
import { marginPictures } from './margins.ts';
import type { PreferencesReport, Report } from './schema.ts';
import { toldSentence } from './told.ts';

/** Whether the labels were learned, and which words otherwise than they say. */
export function answer(report: Report): ChapterAnswer {
  const { preferences } = report;
  return {
    sentence: { importance: 60, text: sentence(preferences) },
    restsOn: [
      ...judgedSplits(preferences).map((judged) => ({ importance: 70, text: accuracy(judged) })),
      { importance: 65, text: preferences.told ? lower(toldSentence(preferences.told)) : '' },
    ],
    notVisible: [
      {
        importance: 45,
        text:
          preferences.truncated > 0
            ? `the parts of ${plural(preferences.truncated, 'pair')} that were cut to the model’s context`
            : '',
      },
      {
        importance: 35,
        text: 'what was learned beyond these pairs: on those that tuning saw, margins measure memory too',
      },
    ],
    next: next(report),
  };
}

/** A share as the percent sign before it says. */
const plainShare = (share: number): string => (100 * share).toFixed(0);

/** A sentence as a line of a list. */
const lower = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;

function sentence(preferences: PreferencesReport): string {
  const flagged = preferences.words.filter((word) => word.flagged).length;
  switch (verdictOn(preferences)) {
    case 'learned':
      return flagged > 0
        ? `The model came to prefer the replies that your labels prefer, but learned ${plural(flagged, 'word')} otherwise than the pairs say.`
        : 'The model came to prefer the replies that your labels prefer, and learned no word otherwise than they say.';
    case 'reversed':
      return 'The model came to prefer the rejected replies. Check that chosen and rejected, or base and tuned, are not swapped.';
    case 'undecided':
      return `Whether the model learned these preferences cannot be told from ${plural(preferences.pairs, 'pair')}.`;
  }
}

function accuracy({ split, margin, verdict }: JudgedSplit): string {
  const { value, interval, n } = margin.accuracy;
  if (value === null) return '';
  const range = interval ? ` [${plainShare(interval.low)}, ${plainShare(interval.high)}]` : '';
  const pairs = split === 'all' ? plural(n, 'pair') : plural(n, `${split} pair`);
  const beside =
    verdict === 'learned' ? ', more often than the base’s own preference or length would' : '';
  return `tuning moved the labelled reply ahead of the other in ${plainPercent(value)}${range} of ${pairs}${beside}`;
}

function next(report: Report): NextStep[] {
  const out = anotherFolder(report);
  const { preferences } = report;
  if (verdictOn(preferences) === 'reversed') {
    return [
      {
        importance: 60,
        what: 'if base and tuned were swapped, audit them the right way round',
        command: startedOtherwise(report, {
          base: flagOf(report, 'tuned'),
          tuned: flagOf(report, 'base'),
          out,
        }),
      },
    ];
  }
  if (preferences.left > 0 && !isDemo(report)) {
    return [
      {
        importance: 60,
        what: `read all pairs: ${plural(preferences.left, 'pair')} were left out`,
        command: startedOtherwise(report, { 'max-pairs': undefined, out }),
      },
    ];
  }
  return [];
}

/** The margins, where no other chapter has a picture that says more. */
export const picture = ({ preferences }: Report): HeadPicture => ({
  importance: 50,
  figure: html`<figure>
    <h3>How strongly the tuned model prefers the chosen reply</h3>
    ${marginPictures(preferences)}
  </figure>`,
});
