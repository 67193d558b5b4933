import type { Statement } from '../../chapter.ts';
import { plainNumber, plainPercent, spokenInterval } from '../../plain.ts';
import { listed, plural } from '../../text.ts';
import { controlsThat } from './comparisons.ts';
import type { Report } from './schema.ts';

export const sentences = (report: Report): readonly Statement[] => [
  { importance: 70, text: `${agreement(report)}${beside(report)}` },
  { importance: 60, text: others(report) },
];

function agreement({ agreement: main }: Report): string {
  const { tauB, signAccuracy } = main;
  if (tauB.value === null) return 'Agreement cannot be computed from the words seen.';
  const interval = tauB.interval ? ` (${spokenInterval(tauB.interval)})` : '';
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
