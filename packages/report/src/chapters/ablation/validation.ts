import { dots } from '../../charts/dots.ts';
import type { DotRow } from '../../charts/dots.ts';
import { responsive } from '../../charts/frame.ts';
import { fixed, percent } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { ablationFigures, ablationTable } from './ablation.ts';
import { enrichmentFigure, enrichmentTitle } from './enrichment.ts';
import { outcome } from './outcome.ts';
import { empty, section } from '../../section.ts';
import type { Report } from './schema.ts';

type Validation = Report['validation'];

/** The tests that could have refuted the story: ablation, enrichment, cross-entropy recovered. */
export function validationSection({ validation }: Report): Markup {
  return section(
    { id: 'validation', ...outcome(validation.ablation) },
    html`<h3>Switching features off while the model generates</h3>
      ${ablationFigures(validation.ablation)}
      <div class="split even">
        <figure>
          <h3>${enrichmentTitle(validation.enrichment)}</h3>
          ${enrichmentFigure(validation.enrichment)}
        </figure>
        <figure>
          <h3>Replacing a site with its dictionary’s reconstruction</h3>
          ${recovered(validation)}
        </figure>
      </div>`,
    ablationTable(validation.ablation),
    crossEntropyTable(validation),
  );
}

function recovered({ crossEntropy }: Validation): Markup {
  if (crossEntropy.length === 0) return empty('Cross-entropy was not measured.');
  const measured = crossEntropy.filter((site) => site.recovered !== null);
  if (measured.length === 0)
    return empty(
      'The model does as well without each of these sites, so there is nothing to recover.',
    );
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

function crossEntropyTable({ crossEntropy }: Validation): Markup | null {
  if (crossEntropy.length === 0) return null;
  return html`<details>
    <summary>Cross-entropy by site</summary>
    <div class="scroll free" tabindex="0" role="region" aria-label="Cross-entropy by site">
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
