import { signed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { section } from '../../section.ts';
import { plural } from '../../text.ts';
import { comparison, comparisons, controlsThat } from './comparisons.ts';
import { estimatorsFigure } from './estimators-figure.ts';
import { measuresTable } from './measures-table.ts';
import type { Report } from './schema.ts';

/** Each estimator's agreement with the stated feedback, compared with its controls. */
export function estimatorsSection(report: Report): Markup {
  const { contrast, agreement } = report;
  return section(
    {
      id: 'estimators',
      title: title(report),
      brief: `${agreement.estimator} ${comparison(agreement)[0]}`,
    },
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

/** A control that does as well is said at once. */
const title = ({ agreement }: Report): string =>
  controlsThat(true, agreement.controls).length > 0
    ? 'What cannot reflect learning agrees with the feedback as well as the estimate does'
    : 'Do other ways of measuring agree, and do their controls?';
