import { bracketed, fixed, percent } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import type { CausesReport } from './schema.ts';

/** Ways of choosing as many directions, side by side. */
export const methodsTable = ({ methods }: CausesReport): Markup =>
  html`<h3>Other ways of choosing directions, at the end of the last block</h3>
    <div class="scroll free" tabindex="0" role="region" aria-label="Ways of choosing directions">
      <table class="sites">
        <thead>
          <tr>
            <th class="l" scope="col">Chosen by</th>
            <th scope="col">Directions</th>
            <th scope="col">Lost by the tuned model</th>
            <th scope="col">Gained by the base</th>
            <th scope="col">KL tuned (nats)</th>
            <th scope="col">KL base</th>
          </tr>
        </thead>
        <tbody>
          ${methods.map(
            (each) =>
              html`<tr>
                <th scope="row">${each.method}</th>
                <td>${each.directions}</td>
                ${exchangeCells(each)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;

/** What directions undo and bring about, and at what KL. */
const exchangeCells = ({
  necessity,
  sufficiency,
  kl,
}: Pick<CausesReport['methods'][number], 'necessity' | 'sufficiency' | 'kl'>): Markup =>
  html`<td>${percent(necessity.value, 0)} ${intervalOf(necessity)}</td>
    <td>${percent(sufficiency.value, 0)} ${intervalOf(sufficiency)}</td>
    <td>${fixed(kl.tuned, 4)}</td>
    <td>${fixed(kl.base, 4)}</td>`;

/** What the directions of other tunings do here; nothing without siblings. */
export const siblingsTable = ({ siblings }: CausesReport): Markup | null =>
  siblings.length === 0
    ? null
    : html`<h3>Directions of other tunings on the same feedback</h3>
        <p class="small">
          Found in them as the direction was found here, and exchanged between these two models.
          What they do too is how this feedback is learned, whichever run learns it; it is not
          particular to this one.
        </p>
        <div
          class="scroll free"
          tabindex="0"
          role="region"
          aria-label="Directions of other tunings"
        >
          <table class="sites">
            <thead>
              <tr>
                <th class="l" scope="col">Direction of</th>
                <th scope="col">Lost by the tuned model</th>
                <th scope="col">Gained by the base</th>
                <th scope="col">KL tuned (nats)</th>
                <th scope="col">KL base</th>
              </tr>
            </thead>
            <tbody>
              ${siblings.map(
                (each) =>
                  html`<tr>
                    <th scope="row"><bdi>${each.name}</bdi></th>
                    ${exchangeCells(each)}
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>`;

/** Random directions at the chosen site. */
export const controlsTable = ({ controls, beside }: CausesReport): Markup =>
  html`<details>
    <summary>Random directions</summary>
    <div class="scroll free" tabindex="0" role="region" aria-label="Random directions">
      <table class="sites">
        <thead>
          <tr>
            <th class="l" scope="col">Direction</th>
            <th scope="col">Draws</th>
            <th scope="col">Lost by the tuned model</th>
            <th scope="col">Gained by the base</th>
            <th scope="col">KL tuned (nats)</th>
            <th scope="col">KL base</th>
            <th scope="col">Least KL to do as much, tuned</th>
            <th scope="col">base</th>
          </tr>
        </thead>
        <tbody>
          ${
            beside &&
            html`<tr>
              <th scope="row">found, on the same texts</th>
              <td>1</td>
              <td>${percent(beside.necessity, 0)}</td>
              <td>${percent(beside.sufficiency, 0)}</td>
              <td>${fixed(beside.kl.tuned, 4)}</td>
              <td>${fixed(beside.kl.base, 4)}</td>
              <td></td>
              <td></td>
            </tr>`
          }
          ${controls.map(
            (each) =>
              html`<tr>
                <th scope="row">${names[each.family]}</th>
                <td>${each.draws}</td>
                <td>${spread(each.necessity)}</td>
                <td>${spread(each.sufficiency)}</td>
                <td>${fixed(each.kl.tuned, 4)}</td>
                <td>${fixed(each.kl.base, 4)}</td>
                <td>${each.leastKl.tuned === null ? 'none does' : fixed(each.leastKl.tuned, 4)}</td>
                <td>${each.leastKl.base === null ? 'none does' : fixed(each.leastKl.base, 4)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;

const names = { any: 'random', difference: 'random mixtures of the differences' } as const;

const spread = ({ median, high }: { readonly median: number; readonly high: number }): string =>
  `median ${percent(median, 0)}, 99th percentile ${percent(high, 0)}`;

const intervalOf = ({
  interval,
}: {
  readonly interval: { readonly low: number; readonly high: number } | null;
}): string => bracketed(interval && { low: 100 * interval.low, high: 100 * interval.high }, 0);
