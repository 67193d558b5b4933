import { count, percent } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import type { Report } from './schema.ts';

type Part = NonNullable<Report['components']>[number];

const columns: readonly (readonly [of: Part['of'], component: string, title: string])[] = [
  ['activations', 'attention', 'attention puts out'],
  ['activations', 'mlp', 'MLP puts out'],
  ['activations', 'residual', 'residual stream after it'],
  ['weights', 'attention', 'attention’s weights'],
  ['weights', 'mlp', 'MLP’s weights'],
  ['weights', 'norm', 'norms’ weights'],
];

/** Divergence by layer and component; nothing for a report without it. */
export function componentTable({ components = [] }: Report): Markup | undefined {
  const layers = [...new Set(components.flatMap(({ layer }) => layer ?? []))];
  const shown = columns.flatMap(([of, component, title]) => {
    const parts = components.filter((part) => part.of === of && part.component === component);
    const most = Math.max(...parts.map(({ relativeL2 }) => relativeL2));
    return parts.length > 0 ? [{ title, parts, most }] : [];
  });
  if (layers.length === 0 || shown.length === 0) return undefined;
  const tokens = components.find(({ of }) => of === 'activations')?.n;
  const outside = components.filter(({ of, layer }) => of === 'weights' && layer === null);
  return html`<details>
    <summary>By layer and component</summary>
    <p>
      L2 norm of the change over that of the base.
      ${
        tokens !== undefined &&
        html`What parts put out was compared at ${count(tokens)} tokens, a small sample of the
        texts.`
      }
      Bold: the largest of a column.
    </p>
    <div class="scroll" tabindex="0" role="region" aria-label="Divergence by layer and component">
      <table>
        <thead>
          <tr>
            <th class="l" scope="col">Layer</th>
            ${shown.map(({ title }) => html`<th scope="col">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${layers.map(
            (layer) =>
              html`<tr>
                <th scope="row">${layer}</th>
                ${shown.map(({ parts, most }) =>
                  cell(
                    parts.find((part) => part.layer === layer),
                    most,
                  ),
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      outside.length > 0 &&
      html`<p>
        Outside the layers:
        ${outside.map(({ component, relativeL2 }) => `${component.replaceAll('-', ' ')} ${percent(relativeL2, 2)}`).join(', ')}.
      </p>`
    }
  </details>`;
}

function cell(part: Part | undefined, most: number): Markup {
  if (!part) return html`<td></td>`;
  const { relativeL2 } = part;
  const shown = percent(relativeL2, 2);
  return html`<td>${relativeL2 === most && most > 0 ? html`<b>${shown}</b>` : shown}</td>`;
}
