import { dots } from '../../charts/dots.ts';
import { responsive } from '../../charts/frame.ts';
import { count, percent, probabilityOf, significant } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { plural } from '../../text.ts';
import { empty } from '../../section.ts';
import { CHANCE } from './outcome.ts';
import type { Report } from './schema.ts';

type Enrichment = Report['validation']['enrichment'];

/** How much more often a related feature is active on strong feedback than elsewhere, compared with random features. */
export function enrichmentFigure(enrichment: Enrichment): Markup {
  const { oddsRatio, p, n, table, control } = enrichment;
  if (n === 0 || (oddsRatio === null && p === null)) return empty('Enrichment was not measured.');
  const [strong, other] = table;
  const finding =
    oddsRatio === null
      ? 'The odds ratio is not defined for these data'
      : `The odds of strong feedback are ${significant(oddsRatio)} times as high where a related feature is active as elsewhere`;
  const share = ([active, silent]: readonly [number, number]): string =>
    `${percent(active / Math.max(1, active + silent))} of ${plural(active + silent, 'token')}`;
  return html`${control && chart(enrichment, control)}
    <figcaption>
      ${finding} (Fisher’s exact test, ${probabilityOf('p', p)}, n = ${count(n)}; tokens of one word
      are alike, so this p is too small). A ratio of 1 would mean no relation. A related feature is
      active on ${share(strong)} with strong stated feedback and on ${share(other)} without
      feedback. ${control && compared(control)}
    </figcaption>`;
}

/** The heading, with what came of it. */
export const enrichmentTitle = ({ control }: Enrichment): string =>
  control === null
    ? 'Are related features active where the feedback is strong?'
    : control.p > CHANCE
      ? 'Related features are no more active on strong feedback than random ones'
      : 'Related features are active where the feedback is strong';

function chart({ oddsRatio }: Enrichment, control: NonNullable<Enrichment['control']>): Markup {
  const note = oddsRatio === null ? 'not defined' : significant(oddsRatio);
  return responsive(
    (width) =>
      dots({
        rows: [
          {
            label: 'any related feature',
            value: oddsRatio,
            others: control.oddsRatios,
            tone: 'flag',
            note: probabilityOf('p', control.p),
            title: `odds ratio ${note}\n${probabilityOf('p', control.p)} among its random draws`,
          },
        ],
        xTitle: 'Odds ratio',
        reference: 1,
        width,
        label:
          'Odds ratio of related features being active on strong feedback, compared with random ones.',
      }),
    { wide: 530 },
  );
}

function compared({ oddsRatios, median, p }: NonNullable<Enrichment['control']>): string {
  const verdict = p > CHANCE ? 'random features do as well' : 'higher than for random features';
  return `Rings: ${plural(oddsRatios.length, 'draw')} of the same number of frequency-matched random features, median ${significant(median)} (${probabilityOf('p', p)}: ${verdict}).`;
}
