import { plainWord } from '@feedprint/core';
import { bracketed, count, fixed, percent, probability, signed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import type { PreferencesReport } from './schema.ts';

/** Rows shown in addition to flagged words. */
const most = 60;

/** The words by how far what was learned departs from the data, with both weights and their intervals. */
export function pairWordsTable({ words }: PreferencesReport): Markup {
  const shown = words.filter((word, i) => word.flagged || i < most);
  return html`<h3>Words by how far what was learned departs from the data</h3>
    <div class="scroll" tabindex="0" role="region" aria-label="Words in the data and as learned">
      <table>
        <thead>
          <tr>
            <th class="l" scope="col">Word</th>
            <th scope="col" title="Log-odds of being chosen, per additional occurrence">
              In the data
            </th>
            <th scope="col">95 % interval</th>
            <th scope="col" title="Implicit margin per additional occurrence, nats">Learned</th>
            <th scope="col">95 % interval</th>
            <th scope="col" title="Learned weight that the data predict">Expected</th>
            <th scope="col" title="Pairs whose replies differ in how often it occurs">n</th>
            <th scope="col">Score</th>
            <th scope="col">p</th>
            <th scope="col">q</th>
            <th scope="col" title="Share of the flagged pairs’ contradiction">Carries</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            (word) =>
              html`<tr class="${word.flagged ? 'flag' : ''}">
                <th scope="row"><bdi>${plainWord(word.word)}</bdi></th>
                <td>${signed(word.inData.value)}</td>
                <td>${bracketed(word.inData.interval)}</td>
                <td>${signed(word.learned.value)}</td>
                <td>${bracketed(word.learned.interval)}</td>
                <td>${signed(word.expected)}</td>
                <td>${count(word.n)}</td>
                <td>${fixed(word.score)}</td>
                <td>${probability(word.p)}</td>
                <td>${probability(word.q)}</td>
                <td>${percent(word.carries)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="small">
      ${shown.length < words.length && `The first ${count(shown.length)} of ${count(words.length)}. `}All
      words are in report.json and tables/pair_words.parquet.
    </p>`;
}
