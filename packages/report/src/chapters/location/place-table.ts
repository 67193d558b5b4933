import { bracketed, count, percent } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import type { LocationReport, PlaceReport } from './schema.ts';

type Share = PlaceReport['restored']['slope'];

const cell = ({ value, interval }: Share): Markup =>
  html`<td>
    ${percent(value)}
    <small>
      ${bracketed(interval && { low: 100 * interval.low, high: 100 * interval.high }, 1)}
    </small>
  </td>`;

/** Every place in both directions and by both measures. */
export function placeTable({ places, sites }: LocationReport): Markup {
  const line = (
    name: string,
    parameters: string,
    { restored, transplanted }: Pick<PlaceReport, 'restored' | 'transplanted'>,
  ): Markup =>
    html`<tr>
      <th scope="row">${name}</th>
      <td>${parameters}</td>
      ${cell(restored.slope)} ${cell(transplanted.slope)} ${cell(restored.expected)}
      ${cell(transplanted.expected)}
    </tr>`;
  return html`<details>
    <summary>All shares, by both measures</summary>
    <p class="small">
      Slope: of log-ratios on stated feedback, in which every word counts by how well it is known.
      Expected: of the expected feedback per token, which frequent words dominate. Activations at
      the sites are those of the other model on the same tokens.
    </p>
    <div class="scroll" tabindex="0" role="region" aria-label="Shares of the shift">
      <table>
        <thead>
          <tr>
            <th class="l" scope="col">Exchanged</th>
            <th scope="col">Parameters</th>
            <th scope="col">Undone (slope)</th>
            <th scope="col">Obtained (slope)</th>
            <th scope="col">Undone (expected)</th>
            <th scope="col">Obtained (expected)</th>
          </tr>
        </thead>
        <tbody>
          ${places.map((place) => line(place.place, count(place.parameters), place))}
          ${sites && line('activations at the sites looked into', '', sites)}
        </tbody>
      </table>
    </div>
  </details>`;
}
