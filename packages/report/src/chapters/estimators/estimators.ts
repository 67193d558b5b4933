import { signed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { section } from '../../section.ts';
import { plural } from '../../text.ts';
import { comparisons } from './comparisons.ts';
import { estimatorsFigure } from './estimators-figure.ts';
import { measuresTable } from './measures-table.ts';
import type { Report } from './schema.ts';

/** Each estimator's agreement with the stated feedback, compared with its controls. */
export function estimatorsSection(report: Report): Markup {
  const { contrast } = report;
  return section(
    { id: 'estimators', title: 'Do other ways of measuring agree, and do their controls?' },
    comparisons(report),
    html`<figure>
      <h3>Agreement of each estimator, compared with its controls</h3>
      ${estimatorsFigure(report)}
    </figure>`,
    contrast.triples > 0 &&
      html`<p>
        As a check from another angle, replacing one word in ${plural(contrast.triples, 'text')}
        (${plural(contrast.words, 'word')}) moves the dictionary features by a mean of
        ${signed(contrast.meanPositive, 3)} for positive and ${signed(contrast.meanNegative, 3)} for
        negative words, measured from a neutral one.
      </p>`,
    measuresTable(report),
  );
}
