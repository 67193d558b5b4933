import type { AuditReport } from '@feedprint/core';
import { count, percent, probabilityOf, significant } from '../format.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { plural } from '../text.ts';
import { empty } from './section.ts';

/** How often a related feature is active on strong feedback and elsewhere, beside random features. */
export function enrichmentFigure({
  oddsRatio,
  p,
  n,
  table: [strong, other],
  control,
}: AuditReport['validation']['enrichment']): Markup {
  if (n === 0 || (oddsRatio === null && p === null)) return empty('Enrichment was not measured.');
  const finding =
    oddsRatio === null
      ? 'The odds ratio is not defined for these data'
      : `The odds of strong feedback are ${significant(oddsRatio)} times as high where a related feature is active as elsewhere`;
  const share = ([active, silent]: readonly [number, number]): string =>
    `${percent(active / Math.max(1, active + silent))} of ${plural(active + silent, 'token')}`;
  return html`<p>
    ${finding} (Fisher’s exact test, ${probabilityOf('p', p)}, n = ${count(n)}). 1 would mean no
    relation. Active on ${share(strong)} with strong stated feedback, on ${share(other)} without
    feedback. ${control && compared(control)}
  </p>`;
}

function compared({
  draws,
  median,
  high,
  p,
}: NonNullable<AuditReport['validation']['enrichment']['control']>): string {
  const verdict = p > 0.05 ? 'random features do as well' : 'more than random features';
  return `${plural(draws, 'draw')} of as many random features of like frequency: ${significant(median)} in the middle, ${significant(high)} at most (${probabilityOf('p', p)}: ${verdict}).`;
}
