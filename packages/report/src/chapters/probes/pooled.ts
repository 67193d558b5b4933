import { bracketed, percent } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import type { PooledReport } from './schema.ts';

/** How often a probe tells of one reply by itself whether it was chosen, as in the paper; nothing where it was not asked. */
export function pooledTable(pooled: PooledReport): Markup | null {
  if (pooled.length === 0) return null;
  return html`<h3>One reply by itself: was it the chosen one?</h3>
    <p class="small">
      The paper’s pooled logistic probe (its Table 3), on replies of prompts that it has not seen,
      and the same where nothing of what was learned can be read.
    </p>
    <div class="scroll free" tabindex="0" role="region" aria-label="Accuracy of pooled probes">
      <table>
        <thead>
          <tr>
            <th class="l" scope="col">Reads</th>
            <th scope="col">Told right</th>
            <th scope="col">95 % interval</th>
          </tr>
        </thead>
        <tbody>
          ${pooled.map(
            ({ name, description, role, accuracy }) =>
              html`<tr class="${role === 'control' ? 'control' : ''}">
                <th scope="row" title="${description}">${name}</th>
                <td>${percent(accuracy.value)}</td>
                <td>${bracketed(accuracy.interval, 3)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
