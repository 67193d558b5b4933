import type { Statement } from '../../chapter.ts';
import { plainNumber, quoted, spokenInterval } from '../../plain.ts';
import { statedFeedback } from '../../stated-feedback.ts';
import { plural } from '../../text.ts';
import type { Report } from './schema.ts';

export const sentences = (report: Report): readonly Statement[] => [
  { importance: 100, text: verdict(report) },
  { importance: 85, text: basis(report) },
];

/** Whether it was learned; words are named only where it was. */
function verdict(report: Report): string {
  const { words: found } = report.verdict;
  const range = found.interval ? `, ${spokenInterval(found.interval)}` : '';
  const evidence = `(rank correlation with it, beyond word frequency: ${found.effect === null ? 'not defined' : plainNumber(found.effect)}${range}, ${plural(found.n, 'word')})`;
  switch (found.verdict) {
    case 'learned':
      return learned(report);
    case 'reversed':
      return `The model learned the opposite of the stated ${statedFeedback(report)} ${evidence}. Check the sign of the reward, or that base and tuned are not swapped.`;
    case 'unrelated':
      return `What changed between these models has nothing to do with the stated ${statedFeedback(report)} ${evidence}, so no word is called mis-learned.`;
    case 'undecided':
      return `Whether the stated ${statedFeedback(report)} was learned cannot be told ${evidence}, so no word is called mis-learned.`;
  }
}

function learned(report: Report): string {
  const { words: all } = report;
  const flagged = all.filter((word) => word.flagged);
  const rest =
    flagged.length === 0
      ? `and none of the ${plural(all.length, 'word')} scored contradicts it beyond chance`
      : `but learned ${flagged.length} of ${plural(all.length, 'word')} against it: ${quoted(flagged.map(({ word }) => word))}`;
  return `The model learned the stated ${statedFeedback(report)}, ${rest} (false discovery rate 5 %).`;
}

/** What a verdict of "learned" rests on; the others say it themselves. */
function basis({ verdict: { words: found } }: Report): string {
  if (found.verdict !== 'learned' || found.effect === null) return '';
  const interval = found.interval ? ` (${spokenInterval(found.interval)})` : '';
  return `Beyond word frequency, the rank correlation of learned and stated feedback is ${plainNumber(found.effect)}${interval}.`;
}
