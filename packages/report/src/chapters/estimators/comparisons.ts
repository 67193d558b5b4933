import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { listed } from '../../text.ts';
import { estimatorsOf } from './estimators-of.ts';
import type { AgreementReport, Report } from './schema.ts';

/** For each estimator in words: which of its controls agree with the stated feedback as well as it does. */
export function comparisons(report: Report): Markup {
  return html`<ul class="findings">
    ${estimatorsOf(report).map(
      (each) => html`<li><b>${each.estimator}</b> ${comparison(each).join(' ')}</li>`,
    )}
  </ul>`;
}

/** What the comparison with its controls (Kendall's tau-b) says about an estimator: sentences without their subject. */
export function comparison({ controls }: AgreementReport): string[] {
  const matching = controlsThat(true, controls);
  const cleared = controlsThat(false, controls);
  const unknown = controlsThat(null, controls);
  if (controls.length === 0) return ['was not compared with any control.'];
  const all = controls.length === 1 ? 'its control' : `all of its ${controls.length} controls`;
  return [
    matching.length > 0
      ? `is matched by ${matching.length === controls.length ? all : listed(matching)}, so what it shows need not be learned feedback.`
      : '',
    matching.length === 0 && cleared.length > 0
      ? `agrees better than ${cleared.length === controls.length ? all.replace('all', 'each') : listed(cleared)}.`
      : '',
    unknown.length > 0 ? `cannot be compared with ${listed(unknown)}.` : '',
  ].filter((sentence) => sentence !== '');
}

/** Names of the controls that agree with the stated feedback as well as the estimator (`true`), less well, or cannot be compared (`null`). */
export const controlsThat = (
  match: boolean | null,
  controls: AgreementReport['controls'],
): string[] =>
  controls.flatMap(({ control, advantage }) => (advantage.tauB.matched === match ? [control] : []));
