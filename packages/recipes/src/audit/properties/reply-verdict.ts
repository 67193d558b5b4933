import type { JudgedProperty, PropertyAnalysis } from '@feedprint/probe';
import { groupsOf } from '@feedprint/report/chapters/properties';
import type { ReplyVerdictReport } from '@feedprint/report/chapters/properties';

/** Fresh replies of either model below which nothing is said of what was learned. */
export const FEWEST_REPLIES = 40;
/** Share of the variance of R that a placebo must explain for the change to look like it. */
export const ALIKE = 0.5;

/** What the properties of `replies` fresh replies from each model say together. */
export function replyVerdictOf(
  { properties, placebos }: PropertyAnalysis,
  replies: number,
): ReplyVerdictReport['verdict'] {
  // Properties that cannot be told apart are one finding.
  const others = new Set(groupsOf(properties).flatMap(([, ...rest]) => rest));
  const count = (is: (one: JudgedProperty) => boolean): number =>
    properties.filter((one) => is(one) && !others.has(one)).length;
  if (replies < FEWEST_REPLIES || properties.every(({ learned }) => learned === null)) {
    return 'no-answer';
  }
  const follows = count((one) => one.verdict === 'in-data-and-learned' || one.verdict === 'told');
  if (count(isReversed) > follows) return 'reversed';
  if (count(({ flagged }) => flagged) > 0) return 'learned';
  if (follows > 0) return 'as-told';
  if (placebos.some(({ explains }) => (explains ?? 0) >= ALIKE)) return 'unrelated';
  return count(isMissing) > 0 ? 'not-learned' : 'nothing-found';
}

/** Whether a property was learned against what was asked for, or against labels that reward it. */
const isReversed = ({ verdict, asked, inData, learned }: JudgedProperty): boolean =>
  verdict === 'learned-not-in-data' &&
  learned !== null &&
  ((asked ?? 0) * learned.effect < 0 ||
    // The labels' interval leaves out 0, on the other side.
    (inData !== null && inData.low * inData.high > 0 && inData.effect * learned.effect < 0));

/** Whether it was asked for or rewarded, and surely not learned. */
const isMissing = ({ verdict, asked, settled }: JudgedProperty): boolean =>
  verdict === 'in-data-not-learned' || (verdict === 'not-learned' && settled && (asked ?? 0) !== 0);
