import type { Statement } from '../../chapter.ts';
import { plainNumber, plainPercent, quoted } from '../../plain.ts';
import { listed, plural } from '../../text.ts';
import { controlsThat } from './comparisons.ts';
import type { Report } from './schema.ts';

export const sentences = (report: Report): readonly Statement[] => [
  { importance: 100, text: verdict(report) },
  { importance: 70, text: `${agreement(report)}${beside(report)}${basis(report)}` },
  { importance: 60, text: others(report) },
];

/** Whether it was learned; words are named only where it was. */
function verdict(report: Report): string {
  const { feedback } = report;
  const { words: found } = report.verdict;
  const range = found.interval ? `, ${spoken(found.interval)}` : '';
  const evidence = `(rank correlation with it, beyond word frequency: ${found.effect === null ? 'not defined' : plainNumber(found.effect)}${range}, ${plural(found.n, 'word')})`;
  switch (found.verdict) {
    case 'learned':
      return learned(report);
    case 'reversed':
      return `The model learned the opposite of the stated ${feedback.name} feedback ${evidence}. Check the sign of the reward, or that base and tuned are not swapped.`;
    case 'unrelated':
      return `What changed between these models has nothing to do with the stated ${feedback.name} feedback ${evidence}, so no word is called mis-learned.`;
    case 'undecided':
      return `Whether the stated ${feedback.name} feedback was learned cannot be told ${evidence}, so no word is called mis-learned.`;
  }
}

function learned({ words: all, feedback }: Report): string {
  const flagged = all.filter((word) => word.flagged);
  const rest =
    flagged.length === 0
      ? `and none of the ${plural(all.length, 'word')} scored contradicts it beyond chance`
      : `but learned ${flagged.length} of ${plural(all.length, 'word')} against it: ${quoted(flagged.map(({ word }) => word))}`;
  return `The model learned the stated ${feedback.name} feedback, ${rest} (false discovery rate 5 %).`;
}

/** What a verdict of "learned" rests on; the others say it themselves. */
function basis({ verdict: { words: found } }: Report): string {
  if (found.verdict !== 'learned' || found.effect === null) return '';
  const interval = found.interval ? ` (${spoken(found.interval)})` : '';
  return ` Beyond word frequency, their rank correlation is ${plainNumber(found.effect)}${interval}.`;
}

const spoken = ({ low, high }: { readonly low: number; readonly high: number }): string =>
  `95 % interval ${plainNumber(low)} to ${plainNumber(high)}`;

function agreement({ agreement: main }: Report): string {
  const { tauB, signAccuracy } = main;
  if (tauB.value === null) return 'Agreement cannot be computed from the words seen.';
  const interval = tauB.interval ? ` (${spoken(tauB.interval)})` : '';
  const control = main.controls.find((c) => c.control === 'base model')?.tauB.value;
  const compared =
    control === null || control === undefined
      ? ''
      : `, compared with ${plainNumber(control)} for the base model alone`;
  const signs =
    signAccuracy.value === null
      ? ''
      : ` The sign agrees for ${plainPercent(signAccuracy.value)} of ${plural(signAccuracy.n, 'word')}.`;
  return `Learned and stated feedback agree with a Kendall's tau-b of ${plainNumber(tauB.value)}${interval} over ${plural(tauB.n, 'word')}${compared}.${signs}`;
}

/** How the main estimator compares with all of its controls. */
function beside({ agreement: main }: Report): string {
  const compared = main.controls.filter(({ advantage }) => advantage.tauB.matched !== null);
  if (compared.length === 0) return '';
  const matched = controlsThat(true, main.controls);
  return matched.length === 0
    ? ` No control matches this agreement (${compared.map(({ control }) => control).join(', ')}).`
    : ` This agreement is matched by ${listed(matched)}, so it need not come from learned feedback.`;
}

/** Which of the other estimators do no better than something that cannot know. */
function others({ estimators, agreement: main }: Report): string {
  const named = estimators
    .filter(({ estimator }) => estimator !== main.estimator)
    .map((one) => ({
      name: one.estimator,
      matched: controlsThat(true, one.controls),
      all: one.controls.length,
    }))
    .filter(({ matched }) => matched.length > 0)
    .map(
      ({ name, matched, all }) =>
        `${name} (${matched.length === all ? 'all' : matched.join(', ')})`,
    );
  if (named.length === 0) return '';
  return `${plural(named.length, 'other estimator')} ${named.length === 1 ? 'does no better than its controls, so it is' : 'do no better than their controls, so they are'} no evidence of learned feedback: ${named.join('; ')}.`;
}
