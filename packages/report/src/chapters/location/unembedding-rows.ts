import { fixed, percent, signed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { plural } from '../../text.ts';
import type { LocationReport } from './schema.ts';

type Rows = NonNullable<LocationReport['unembedding']>;
type Row = Rows['raised'][number];

/** The change of the unembedding's rows, read as words. */
export function unembeddingRows({ unembedding }: LocationReport): Markup | null {
  if (!unembedding) return null;
  const { raised, lowered, moved, words, correlation } = unembedding;
  return html`<h3>Rows of the unembedding’s change, read as words</h3>
    <p>
      The base with the tuned model’s unembedding, and nothing else of it, expects some words more
      often: their rows moved along the final residuals of the contexts where they are expected.
      Over ${plural(words, 'scored word')}, this correlates ${fixed(correlation)} with what is
      stated of them. Highlighted: against it.
    </p>
    <div class="split even">
      ${list('Expected more often', raised)} ${list('Expected less often', lowered)}
    </div>
    <details>
      <summary>Rows that moved furthest</summary>
      ${list('By the length of the change', moved)}
    </details>`;
}

const list = (title: string, rows: readonly Row[]): Markup =>
  html`<div class="scroll free" tabindex="0" role="region" aria-label="${title}">
    <table>
      <thead>
        <tr>
          <th class="l" scope="col">${title}</th>
          <th scope="col" title="Log of how much more often it is expected, nats">Effect</th>
          <th scope="col" title="Length of the row’s change, relative to the base’s row">Moved</th>
          <th scope="col">Stated</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ text, effect, moved, stated }) =>
            html`<tr class="${stated !== null && stated * effect < 0 ? 'flag' : ''}">
              <th scope="row"><bdi>${text}</bdi></th>
              <td>${signed(effect)}</td>
              <td>${percent(moved)}</td>
              <td>${signed(stated)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
