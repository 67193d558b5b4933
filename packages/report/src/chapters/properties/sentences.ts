import type { Statement } from '../../chapter.ts';
import { bracketed, fixed } from '../../format.ts';
import { plainPercent } from '../../plain.ts';
import { plural } from '../../text.ts';
import { sentence } from './sentence.ts';
import { groupsOf } from './property-groups.ts';
import { findingInWords } from './property-words.ts';
import type { PropertyReport, Report } from './schema.ts';

/** The answer, and each finding with its numbers. */
export const sentences = (report: Report): readonly Statement[] => [
  { importance: 110, text: sentence(report) },
  { importance: 90, text: foretold(report) },
  ...groupsOf(report.properties).map((group) => ({ importance: 105, text: oneFinding(group) })),
];

function foretold({ replyVerdict: { prediction } }: Report): string {
  if (!prediction) return '';
  return `The prediction made before tuning explains ${plainPercent(prediction.r2)} of what was learned of ${plural(prediction.n, 'property', 'properties')}; differences between preferred and other replies explain ${plainPercent(prediction.differencesR2)}.`;
}

function oneFinding(group: readonly [PropertyReport, ...PropertyReport[]]): string {
  const [one, ...others] = group;
  if (!one.learned || !one.share) return '';
  const data = one.inData
    ? `the labels say ${fixed(one.inData.effect)} ${bracketed(one.inData)} logits`
    : 'there are no labels';
  const which = others.length > 0 ? ', which cannot be told from each other here' : '';
  return `It prefers ${findingInWords(group)}${which}: ${plainPercent(one.share.value)} of what tells its replies from the base’s; ${data} per standard deviation.`;
}

export const limits = ({ replyVerdict }: Report): readonly Statement[] => [
  {
    importance: 65,
    text:
      replyVerdict.ratings === undefined
        ? ''
        : 'Replies were rated one by one: what differs between prompts, such as what they ask for, is in what the ratings reward.',
  },
  {
    importance: 60,
    text: `Properties of replies were measured in replies of at most ${plural(replyVerdict.tokens, 'token')}, without the context’s meaning.`,
  },
];
