import { count, fixed, percent, significant } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import type { ChangesReport } from './schema.ts';
import { wordList } from './word-list.ts';

type Dictionary = ChangesReport['dictionaries'][number];

/** Features that carry most of the difference of activations, and the words that they speak for. */
export function changeDictionaries({ dictionaries }: ChangesReport): Markup | false {
  return (
    dictionaries.length > 0 &&
    html`<h3>Features that carry the difference</h3>
      ${dictionaries.map(
        (dictionary) =>
          html`<p class="small">${dictionary.description} ${quality(dictionary)}</p>
            ${table(dictionary)}`,
      )}`
  );
}

function quality({ dSae, explained, l0, tunedOnly, baseOnly }: Dictionary): Markup {
  return html`${count(dSae)} features, ${fixed(l0, 1)} active at a time, explain
  ${percent(explained)} of the
  variance${
    tunedOnly !== null &&
    html`; ${count(tunedOnly)} of them are in the tuned model alone, ${count(baseOnly ?? 0)} in the
    base alone`
  }.`;
}

function table({ name, features }: Dictionary): Markup {
  const isPair = features.some(({ relativeNorm }) => relativeNorm !== null);
  return html`<div class="scroll free" tabindex="0" role="region" aria-label="Features of ${name}">
    <table>
      <thead>
        <tr>
          <th class="l" scope="col">Feature</th>
          <th scope="col" title="Mean activation times the length of its change">Carries</th>
          <th scope="col" title="Share of positions at which it is active">Active</th>
          ${
            isPair &&
            html`<th scope="col" title="0: the base alone; 0.5: shared; 1: the tuned model alone">
                Owner
              </th>
              <th scope="col" title="Latent scaling: near 0 where the base lacks it">In base</th>`
          }
          <th class="l" scope="col">Promotes</th>
          <th class="l" scope="col">Suppresses</th>
        </tr>
      </thead>
      <tbody>
        ${features.map(
          (feature) =>
            html`<tr>
              <th scope="row">${feature.feature}</th>
              <td>${significant(feature.size)}</td>
              <td>${percent(feature.density)}</td>
              ${
                isPair &&
                html`<td>${fixed(feature.relativeNorm)}</td>
                  <td>${fixed(feature.errorRatio)}</td>`
              }
              <td class="l wrap">${wordList(feature.promotes)}</td>
              <td class="l wrap">${wordList(feature.suppresses)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
