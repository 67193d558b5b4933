import { fixed, percent } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import type { CausesReport } from './schema.ts';

type Criterion = NonNullable<CausesReport['verdict']>['criteria'][number];

/** What each criterion asks for, as short as a heading needs it and in full. */
export const criteria = {
  necessity: {
    name: 'it is necessary',
    asks: 'Without it, the tuned model loses at least half of the effect that runs through activations',
  },
  sufficiency: {
    name: 'it is sufficient',
    asks: 'With it, the base gains at least 30 % of that effect',
  },
  controls: {
    name: 'it does more than random directions',
    asks: 'Both shares exceed the 99th percentile of random directions with edits as large',
  },
  difference: {
    name: 'it does more in the tuned model than in the base',
    asks: 'Holding its component at the base’s mean does more in the tuned model than in the base, with the whole interval',
  },
  economy: {
    name: 'it moves other predictions little',
    asks: 'It takes at most half the KL of the most economical random direction that does as much',
  },
} as const satisfies Record<Criterion['criterion'], { name: string; asks: string }>;

/** Names of the criteria that were not met. */
export const failedOf = ({ verdict }: CausesReport): string[] =>
  (verdict?.criteria ?? [])
    .filter(({ passed }) => !passed)
    .map(({ criterion }) => criteria[criterion].name);

/** What was asked, what was measured, and whether that is enough. */
export function criteriaTable({ verdict }: CausesReport): Markup {
  return html`<div class="scroll free" tabindex="0" role="region" aria-label="Criteria of a cause">
    <table class="sites">
      <thead>
        <tr>
          <th class="l" scope="col">Asked of the direction</th>
          <th scope="col">Limit</th>
          <th scope="col">Measured</th>
          <th scope="col">Met</th>
        </tr>
      </thead>
      <tbody>
        ${(verdict?.criteria ?? []).map(
          (each) =>
            html`<tr>
              <th scope="row">${criteria[each.criterion].asks}</th>
              <td>${limit(each)}</td>
              <td>${measured(each)}</td>
              <td>${each.passed ? 'yes' : 'no'}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function limit({ criterion, limit }: Criterion): string {
  if (criterion === 'economy') return `at most ${percent(limit, 0)}`;
  return criterion === 'controls' || criterion === 'difference'
    ? `above ${fixed(limit, 0)}`
    : `at least ${percent(limit, 0)}`;
}

function measured({ criterion, value }: Criterion): string {
  if (value === null) return 'not measured';
  if (criterion === 'controls') return `${percent(value, 0)} more than they`;
  if (criterion === 'difference') return `${percent(value, 0)} at the low end`;
  return criterion === 'economy' && value === 0 ? 'none does as much' : percent(value, 0);
}
