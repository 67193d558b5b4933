import { bracketed, percent, signed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { section } from '../../section.ts';
import { listed } from '../../text.ts';
import { criteriaTable, failedOf } from './criteria.ts';
import { dosesFigure } from './doses.ts';
import { layersFigure } from './layers.ts';
import type { CausesReport, Report } from './schema.ts';
import { controlsTable, methodsTable, siblingsTable } from './tables.ts';

/** What carries the learned effect: one direction, the criteria, and what it is compared with. */
export function causesSection({ causes }: Report): Markup {
  return section({ id: 'causes', title: titleOf(causes) }, introduction(causes), ...body(causes));
}

/** The answer; a failed test is in it. */
function titleOf(causes: CausesReport): string {
  const { verdict, chosen } = causes;
  if (!verdict || !chosen) return 'Nothing of the effect was found in the activations';
  return verdict.holds
    ? `One direction after layer ${chosen.layer} carries the effect, as far as it is in the activations`
    : `No direction passes all five criteria: not shown that ${listed(failedOf(causes))}`;
}

function introduction({ shift, tokens }: CausesReport): Markup {
  const { whole, tuned, base } = shift;
  const per = ({ value, interval }: typeof whole): string =>
    `${signed(1000 * value)} ${bracketed(interval && { low: 1000 * interval.low, high: 1000 * interval.high })}`;
  return html`<p>
    Tuning changed the feedback expected for the next 1,000 tokens by ${per(whole)}. With the base’s
    activations after the last block, the tuned model loses ${per(tuned)} of that
    (${percent(tuned.value / whole.value, 0)}); with the tuned model’s, the base gains ${per(base)}
    (${percent(base.value / whole.value, 0)}). The rest is in the final norm and the unembedding, or
    in both together. What follows is about the part in the activations: directions are found on
    ${tokens.fit} tokens and tested on ${tokens.test} others.
  </p>`;
}

function body(causes: CausesReport): (Markup | null)[] {
  if (!causes.verdict) return [];
  return [
    criteriaTable(causes),
    layersFigure(causes),
    dosesFigure(causes),
    methodsTable(causes),
    siblingsTable(causes),
    controlsTable(causes),
  ];
}
