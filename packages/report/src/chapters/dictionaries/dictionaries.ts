import { dots } from '../../charts/dots.ts';
import type { DotRow } from '../../charts/dots.ts';
import { responsive } from '../../charts/frame.ts';
import { lineChart } from '../../charts/line.ts';
import { count, fixed, percent, significant } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { empty, section } from '../../section.ts';
import type { Report } from './schema.ts';

type Sae = Report['saes'][number];

/** Training curves, quality and matching of the sparse autoencoders. */
export function dictionariesSection(report: Report): Markup {
  const { saes } = report;
  return section(
    {
      id: 'dictionaries',
      title: 'How well do the dictionaries describe the activations?',
      ...(saes.length > 0 && { brief: unexplained(saes) }),
    },
    html`<p>
      A sparse autoencoder (SAE) rewrites each activation as a sum of a few features. Low error
      (mse, FVU) with few active features (L0) means the features are a fair account of what the
      layer computes.
    </p>`,
    saes.length === 0 ? empty('No sparse autoencoders were trained.') : curves(saes),
    (saes.length > 0 || report.matching.length > 0) &&
      html`<div class="split even">
        <div>${saes.length > 0 && qualityTable(saes)}</div>
        <div>${matching(report)}</div>
      </div>`,
  );
}

function unexplained(saes: readonly Sae[]): string {
  const shares = saes.map(({ fvu }) => fvu);
  return `${percent(Math.min(...shares))} to ${percent(Math.max(...shares))} of the variance left unexplained`;
}

/** Rank of each dictionary size, smallest 0; the style sheet knows three. */
function sizeRanks(saes: readonly Sae[]): ReadonlyMap<number, number> {
  const sizes = [...new Set(saes.map((sae) => sae.dSae))].sort((a, b) => a - b);
  return new Map(sizes.map((size, i) => [size, Math.min(i, 2)]));
}

function curves(saes: readonly Sae[]): Markup {
  const ranks = sizeRanks(saes);
  const sites = [...new Set(saes.map((sae) => sae.site))];
  const all = saes.flatMap((sae) => sae.curve.map((point) => point.mse));
  const spread = Math.max(...all) / Math.min(...all);
  const scale = all.every((value) => value > 0) && spread > 20 ? 'log' : 'linear';
  const panel = (site: string, measure: 'mse' | 'l0'): Markup =>
    lineChart({
      series: saes
        .filter((sae) => sae.site === site && sae.curve.length > 0)
        .map((sae) => ({
          points: sae.curve.map((point) => [point.step, point[measure]] as const),
          className: `${sae.model} size-${ranks.get(sae.dSae) ?? 0}`,
          title: `${sae.model}, ${count(sae.dSae)} features (${sae.kind})\nfinal ${measure}: ${significant(sae.curve.at(-1)?.[measure])}`,
        })),
      xTitle: 'step',
      yTitle: measure === 'mse' ? `mse${scale === 'log' ? ' (log)' : ''}` : 'L0 (features per row)',
      scale: measure === 'mse' ? scale : 'linear',
      width: 230,
      height: 170,
      label: `${measure} over training steps at ${site}, for base and tuned model and each dictionary size.`,
    });
  return html`<ul class="key">
      ${(['base', 'tuned'] as const).flatMap((model) =>
        [...ranks].map(
          ([size, rank]) =>
            html`<li>
              <svg aria-hidden="true" width="26" height="8" viewBox="0 0 26 8">
                <line class="key-line ${model} size-${rank}" x1="0" x2="26" y1="4" y2="4" />
              </svg>
              ${model}, ${count(size)} features
            </li>`,
        ),
      )}
    </ul>
    <div class="panels">
      ${sites.map(
        (site) =>
          html`<div>
            <h4><bdi>${site}</bdi></h4>
            ${panel(site, 'mse')}${panel(site, 'l0')}
          </div>`,
      )}
    </div>
    <p class="small">Each panel has its own vertical scale.</p>`;
}

function qualityTable(saes: readonly Sae[]): Markup {
  return html`<h3>On held-out rows</h3>
    <div class="scroll" tabindex="0" role="region" aria-label="Quality of the sparse autoencoders">
      <table class="sites">
        <thead>
          <tr>
            <th class="l" scope="col">Site</th>
            <th class="l" scope="col">Model</th>
            <th scope="col">Features</th>
            <th scope="col" title="Fraction of variance unexplained (0 is best)">FVU</th>
            <th scope="col" title="Mean number of active features per row">L0</th>
            <th scope="col" title="Share of features active at least once">Alive</th>
          </tr>
        </thead>
        <tbody>
          ${saes.map(
            (sae) =>
              html`<tr>
                <th scope="row"><bdi>${sae.site}</bdi></th>
                <td class="l">${sae.model}</td>
                <td title="${sae.kind}">${count(sae.dSae)}</td>
                <td>${fixed(sae.fvu, 3)}</td>
                <td>${fixed(sae.l0, 1)}</td>
                <td>${percent(sae.alive)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function matching({ matching: sites }: Report): Markup {
  if (sites.length === 0) return empty('No dictionaries were matched.');
  const rows = sites.flatMap((site): DotRow[] => [
    {
      label: site.site,
      value: site.smallLarge,
      tone: 'main',
      group: true,
      others: [site.chance.smallLarge],
      note: `${fixed(site.smallLarge, 3)} small–large (chance ${fixed(site.chance.smallLarge, 3)})`,
      title: `${site.site}\nsmall tuned compared with large tuned: ${fixed(site.smallLarge, 4)}\n${site.kept} best-matched features kept`,
    },
    {
      label: `${site.kept} kept`,
      value: site.baseTuned,
      tone: 'control',
      others: [site.chance.baseTuned],
      note: `${fixed(site.baseTuned, 3)} base–tuned (chance ${fixed(site.chance.baseTuned, 3)})`,
      title: `${site.site}\ntuned compared with base: ${fixed(site.baseTuned, 4)}`,
    },
  ]);
  return html`<h3>${alike(sites)}</h3>
    ${responsive(
      (width) =>
        dots({
          rows,
          xTitle: 'MMCS (1: every feature is found again)',
          cover: [0, 1],
          width,
          label: 'Mean max cosine similarity of dictionaries, by site.',
        }),
      { wide: 500 },
    )}
    <p class="small">
      Filled: the small tuned SAE compared with the large one; a high value means that features do
      not depend on the dictionary’s size. Rings: tuned compared with base; a low value means that
      tuning, or the seed, gave different features: the two are initialised independently. Small
      rings: the same with the other dictionary’s units permuted, which is what chance gives.
    </p>`;
}

/** How far above chance a similarity must be for dictionaries to be called alike: half of what is left. */
const ALIKE = 0.5;

/** Whether dictionaries of two sizes find the same features, beyond what chance gives. */
function alike(sites: Report['matching']): string {
  const above = sites.map(
    ({ smallLarge, chance }) => (smallLarge - chance.smallLarge) / (1 - chance.smallLarge),
  );
  return above.every((share) => share >= ALIKE)
    ? 'Independent dictionaries find the same features'
    : above.every((share) => share < ALIKE)
      ? 'Independent dictionaries mostly find other features'
      : 'At some sites, independent dictionaries mostly find other features';
}
