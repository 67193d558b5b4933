import { featureAnchors } from '../../feature-anchors.ts';
import { bracketed, count, fixed, percent, probability, signed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Child, Markup } from '../../html.ts';
import type { Report, WordReport } from './schema.ts';

const heads: readonly (readonly [string, string])[] = [
  ['Stated', 'Feedback that the word was given'],
  ['Learned', 'Estimate, in nats of log p tuned / p base'],
  ['95 % interval', 'Of the estimate; sorted by its width'],
  ['Expected', 'Estimate that the stated feedback predicts'],
  ['n', 'Occurrences in the texts'],
  ['Score', 'Larger: contradicts the stated feedback more'],
  ['Reversed', 'Probability that it was learned the other way round'],
  ['q', 'False discovery rate of the list down to this word'],
  ['Power', 'Probability that a full reversal of this word would have been flagged'],
  ['Flagged', 'Learned the other way round'],
];

/** Words link to the features that carry them, if the report shows features. */
export type LinkedReport = Report & {
  readonly features?: readonly { readonly id: string }[];
  readonly attribution?: { readonly words: Readonly<Record<string, readonly string[]>> };
};

/** Every word scored; the page's script makes it sortable and searchable. Cells carry their exact numbers in `data-v`. */
export function wordsTable(report: LinkedReport): Markup {
  const anchors = featureAnchors(report);
  const carriers = report.attribution?.words;
  const number = (value: number, text: string): Markup =>
    html`<td data-v="${String(value)}">${text}</td>`;
  const line = (word: WordReport): Markup =>
    html`<tr class="${word.flagged ? 'flag' : ''}">
      <th scope="row"><bdi>${word.word}</bdi></th>
      ${number(word.stated, signed(word.stated))}${number(
        word.estimate,
        signed(word.estimate, 3),
      )}${number(
        word.interval ? word.interval.high - word.interval.low : Infinity,
        bracketed(word.interval, 3),
      )}${number(
        word.expected,
        signed(word.expected, 3),
      )}${number(word.n, count(word.n))}${number(word.score, fixed(word.score))}${number(word.reversed, percent(word.reversed))}${number(word.q, probability(word.q))}${number(
        word.power ?? -1,
        word.power === null ? '–' : percent(word.power),
      )}${number(word.flagged ? 1 : 0, word.flagged ? 'yes' : 'no')}
      ${carriers && html`<td class="l wrap">${namesOf(carriers[word.token] ?? [], anchors)}</td>`}
    </tr>`;
  return html`<div class="tools" hidden>
      <label>Find a word <input type="search" autocomplete="off" spellcheck="false" /></label>
      <label><input type="checkbox" /> flagged only</label>
      <output class="soft" aria-live="polite"></output>
    </div>
    <div class="scroll" tabindex="0" role="region" aria-label="Table of all words scored">
      <table class="words">
        <thead>
          <tr>
            <th class="l" scope="col">Word</th>
            ${heads.map(([name, title]) => html`<th scope="col" title="${title}">${name}</th>`)}
            ${carriers && html`<th class="l" scope="col" title="Features that carry most of the shift">Features</th>`}
          </tr>
        </thead>
        <tbody>
          ${report.words.map(line)}
        </tbody>
      </table>
    </div>
    <p class="small">
      Sorted by score, largest first. Printing shows the flagged words and the first 60; report.json
      holds every number in full.
    </p>`;
}

function namesOf(features: readonly string[], anchors: ReadonlyMap<string, string>): Child {
  return features.map((id, i) => {
    const anchor = anchors.get(id);
    const name = id.replace(/^blocks\.(\d+)\.hook_/, '$1.');
    return html`${i > 0 && ', '}${
      anchor === undefined
        ? html`<bdi title="${id}">${name}</bdi>`
        : html`<a href="#${anchor}" title="${id}"><bdi>${name}</bdi></a>`
    }`;
  });
}
