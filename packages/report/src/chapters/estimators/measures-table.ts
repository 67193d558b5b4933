import { bracketed, count, fixed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { estimatorsOf } from './estimators-of.ts';
import type { AgreementMeasuresReport, AgreementReport, Report } from './schema.ts';

type Advantages = AgreementReport['controls'][number]['advantage'];

const columns = [
  ['tauB', 'Kendall τ-b'],
  ['spearman', 'Spearman ρ'],
  ['pearson', 'Pearson r'],
  ['signAccuracy', 'Same sign'],
  ['auroc', 'AUROC'],
] as const;

/** All measures of every estimator and control, folded away. */
export function measuresTable(report: Report): Markup {
  const all = estimatorsOf(report);
  const line = (
    name: string,
    description: string,
    row: AgreementMeasuresReport,
    advantage?: Advantages,
  ): Markup =>
    html`<tr class="${advantage ? 'control' : ''}">
      <th scope="row" title="${description}">${name}</th>
      ${columns.map(([key]) => {
        const { value, interval } = row[key];
        return html`<td>
          ${fixed(value)} <small>${bracketed(interval)}</small>
          ${advantage?.[key].matched === true && html`<br /><small>matches</small>`}
        </td>`;
      })}
      <td>${count(row.tauB.n)}</td>
    </tr>`;
  return html`<details>
    <summary>All measures of agreement, with controls</summary>
    <div class="scroll free" tabindex="0" role="region" aria-label="Measures of agreement">
      <table>
        <thead>
          <tr>
            <th class="l" scope="col">Estimator or control</th>
            ${columns.map(([, title]) => html`<th scope="col">${title}</th>`)}
            <th scope="col">Words</th>
          </tr>
        </thead>
        <tbody>
          ${all.map((each) => [
            line(each.estimator, each.description, each),
            each.controls.map((row) => line(row.control, row.description, row, row.advantage)),
          ])}
        </tbody>
      </table>
    </div>
    <p>
      “Matches”: the 95 % interval of estimator minus control, both over the same resamples of the
      words, does not lie above 0.
    </p>
    <dl class="plain">
      ${all.map(
        (each) =>
          html`<dt>${each.estimator}</dt>
            <dd>${each.description}</dd>
            ${each.controls.map(
              (row) =>
                html`<dt>control: ${row.control}</dt>
                  <dd>${row.description}</dd>`,
            )}`,
      )}
    </dl>
  </details>`;
}
