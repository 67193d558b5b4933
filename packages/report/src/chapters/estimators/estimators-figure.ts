import { dots } from '../../charts/dots.ts';
import type { DotRow } from '../../charts/dots.ts';
import { responsive } from '../../charts/frame.ts';
import { bracketed, count, fixed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { plural } from '../../text.ts';
import { estimatorsOf } from './estimators-of.ts';
import type { AgreementMeasuresReport, Report } from './schema.ts';

function note({ tauB }: AgreementMeasuresReport): string {
  return tauB.value === null
    ? `not defined, n = ${count(tauB.n)}`
    : `${fixed(tauB.value)} ${bracketed(tauB.interval)}`;
}

function rowTitle(name: string, description: string, row: AgreementMeasuresReport): string {
  return `${name}\n${description}\nτ-b ${note(row)}, n = ${count(row.tauB.n)} words`;
}

/** A dot for each estimator's agreement and a ring for each of its controls. */
export function estimatorsFigure(report: Report): Markup {
  const all = estimatorsOf(report);
  const rows = all.flatMap((each): DotRow[] => [
    {
      label: each.estimator,
      value: each.tauB.value,
      interval: each.tauB.interval,
      tone: 'main',
      group: true,
      note: note(each),
      title: rowTitle(each.estimator, each.description, each),
    },
    ...each.controls.map((control): DotRow => ({
      label: control.control,
      value: control.tauB.value,
      interval: control.tauB.interval,
      tone: 'control',
      note: control.advantage.tauB.matched === true ? `≈ ${note(control)}` : note(control),
      title: rowTitle(`control: ${control.control}`, control.description, control),
    })),
  ]);
  return html`${responsive(
      (width) =>
        dots({
          rows,
          xTitle: 'Kendall’s τ-b with stated feedback',
          reference: 0,
          width,
          label: `Agreement of ${plural(all.length, 'estimator')} with the stated feedback, each above its controls. The table below gives the numbers.`,
        }),
      { wide: 480 },
    )}
    <figcaption>
      Filled: an estimator, with its 95 % interval over words. Rings: the same computation where
      there can be no learned feedback. ≈: the control matches the estimator, whose lead over it
      does not stay above 0 when the words are resampled. Believe an estimator only as far as it
      clears its rings.
    </figcaption>`;
}
