import type { AuditReport } from '@feedprint/core';
import { dots } from '../charts/dots.ts';
import type { DotRow } from '../charts/dots.ts';
import { responsive } from '../charts/frame.ts';
import { bracketed, count, fixed, percent, probabilityOf, significant } from '../format.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { plural } from '../text.ts';
import { empty, section } from './section.ts';

type Validation = AuditReport['validation'];

/** The tests that could have refuted the story: ablation, enrichment, cross-entropy recovered. */
export function validationSection({ validation }: AuditReport): Markup {
  return section(
    { id: 'validation', title: 'Does it hold when put to the test?' },
    html`<div class="split even">
      <figure>
        <h3>Switching the related features off while the model writes</h3>
        ${ablation(validation)}
      </figure>
      <figure>
        <h3>Letting a dictionary stand in for a site</h3>
        ${recovered(validation)}
      </figure>
    </div>`,
    html`<h3>Are related features active where the feedback is strong?</h3>
      ${enrichment(validation)}`,
    crossEntropyTable(validation),
  );
}

function ablation({ ablation: rows }: Validation): Markup {
  if (rows.length === 0) return empty('No features were ablated.');
  const none = rows.find(({ kind }) => kind === 'none');
  const drawn = rows.map((row): DotRow => ({
    label: `${row.name} (${row.features})`,
    value: row.reward,
    interval: row.interval,
    tone:
      row.kind === 'related' || row.kind === 'carriers'
        ? 'flag'
        : row.kind === 'none'
          ? 'main'
          : 'control',
    note: `${fixed(row.reward)} ${bracketed(row.interval)}`,
    title: `${row.name}: ${plural(row.features, 'feature')} off\nreward ${fixed(row.reward, 3)} ${bracketed(row.interval, 3)}\nn = ${count(row.n)} completions`,
  }));
  const sizes = [...new Set(rows.map((row) => row.n))].sort((a, b) => a - b);
  return html`${responsive(
      (width) =>
        dots({
          rows: drawn,
          xTitle: 'Mean feedback a completion',
          reference: none ? none.reward : null,
          width,
          label: 'Mean feedback of completions with related, random or no features switched off.',
        }),
      { wide: 530 },
    )}
    <figcaption>
      In brackets, the number of features off; n = ${sizes.map(count).join(' to ')} completions a
      row, 95 % intervals. The features matter if a coloured row lies further from the line (nothing
      ablated) than the random ones do.
    </figcaption>`;
}

function recovered({ crossEntropy }: Validation): Markup {
  if (crossEntropy.length === 0) return empty('Cross-entropy was not measured.');
  const measured = crossEntropy.filter((site) => site.recovered !== null);
  if (measured.length === 0)
    return empty('The model does without each of these sites: nothing to recover.');
  return html`${responsive(
      (width) =>
        dots({
          rows: measured.map((site): DotRow => ({
            label: site.site,
            value: (site.recovered ?? 0) * 100,
            tone: 'main',
            note: percent(site.recovered),
            title: `${site.site}\nunmodified ${fixed(site.unmodified, 3)} nats\nreconstructed ${fixed(site.reconstructed, 3)} nats\nzeroed ${fixed(site.zeroed, 3)} nats`,
          })),
          xTitle: 'Cross-entropy recovered (%)',
          cover: [0, 100],
          width,
          label: 'Share of cross-entropy recovered by the reconstruction, by site.',
        }),
      { wide: 530 },
    )}
    <figcaption>
      ${percent(1, 0)}: predictions as good as with the true activations. ${percent(0, 0)}: as bad
      as with the site set to zero.
    </figcaption>`;
}

function enrichment({ enrichment: { oddsRatio, p, n } }: Validation): Markup {
  if (n === 0 || (oddsRatio === null && p === null)) return empty('Enrichment was not measured.');
  const finding =
    oddsRatio === null
      ? 'The odds ratio is not defined for these data'
      : `The odds of strong feedback are ${significant(oddsRatio)} times as high where a related feature is active as elsewhere`;
  return html`<p>
    ${finding} (Fisher’s exact test, ${probabilityOf('p', p)}, n = ${count(n)}). 1 would mean no
    relation.
  </p>`;
}

function crossEntropyTable({ crossEntropy }: Validation): Markup | null {
  if (crossEntropy.length === 0) return null;
  return html`<details>
    <summary>Cross-entropies by site</summary>
    <div class="scroll free" tabindex="0" role="region" aria-label="Cross-entropies by site">
      <table class="sites">
        <thead>
          <tr>
            <th class="l" scope="col">Site</th>
            <th scope="col">Unmodified (nats)</th>
            <th scope="col">Reconstructed</th>
            <th scope="col">Zeroed</th>
            <th scope="col">Recovered</th>
          </tr>
        </thead>
        <tbody>
          ${crossEntropy.map(
            (site) =>
              html`<tr>
                <th scope="row"><bdi>${site.site}</bdi></th>
                <td>${fixed(site.unmodified, 3)}</td>
                <td>${fixed(site.reconstructed, 3)}</td>
                <td>${fixed(site.zeroed, 3)}</td>
                <td>${percent(site.recovered)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
