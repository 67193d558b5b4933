import { responsive } from '../../charts/frame.ts';
import { scatter } from '../../charts/scatter.ts';
import { fixed, percent, perThousand, signed } from '../../format.ts';
import { heatSteps, ramp } from '../../heat.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { plural } from '../../text.ts';
import { contradictingFigure } from './contradicting.ts';
import { featureCard } from './feature-card.ts';
import { empty, section } from '../../section.ts';
import type { Report } from './schema.ts';

const shownAtOnce = 12;
const namedPoints = 12;

/** The features that carry the learned feedback: an overview, then a card for each. */
export function featuresSection(report: Report): Markup {
  const { features } = report;
  const related = features.filter((feature) => feature.related === true).length;
  const judged = features.filter((feature) => feature.related !== null).length;
  const limits = {
    carries: largest(features.map((feature) => feature.carries)),
    effect: largest(features.map((feature) => feature.ablationEffect ?? 0)),
  };
  const cards = features.map((feature, i) => featureCard({ feature, rank: i + 1, limits }));
  return section(
    { id: 'features', title: 'Which features carry it?' },
    features.length === 0
      ? empty('No features were kept.')
      : html`<p>
            Tuning moved the expected feedback of the next token by
            ${perThousand(report.attribution.shift)} per 1,000 tokens. A ridge regression over
            ${report.attribution.positions} positions spreads that over
            ${plural(report.attribution.features, 'kept feature')} (explaining
            ${percent(report.attribution.explained)} of the words’ shifts; the matching features of
            the base model explain ${percent(report.attribution.explainedBase)}). Shown are the
            ${plural(features.length, 'feature')} that carry most of it, then those whose activation
            stands most on tokens that the feedback scores
            (${percent(report.texts.scoredTokens / Math.max(1, report.texts.tokens))} of all
            tokens), then those that push words against their feedback.
            ${
              judged === 0
                ? 'None was classified.'
                : `${related} of ${judged} classified ${related === 1 ? 'is' : 'are'} about the feedback.`
            }
          </p>
          ${overview(report)} ${contradictingFigure(report)} ${changeTable(report)}
          <ul class="key">
            <li>
              examples: weak ${ramp(Array.from({ length: heatSteps }, (_, i) => `a${i + 1}`))}
              strong activation, each window by its feature’s own maximum
            </li>
          </ul>
          <div class="cards">${cards.slice(0, shownAtOnce)}</div>
          ${
            cards.length > shownAtOnce &&
            html`<details>
              <summary>${plural(cards.length - shownAtOnce, 'more feature')}</summary>
              <div class="cards">${cards.slice(shownAtOnce)}</div>
            </details>`
          }`,
  );
}

/** How much of the words' shift goes through the change of each site. */
function changeTable({ attribution: { change } }: Report): Markup | null {
  if (change === null) return null;
  return html`<details>
    <summary>How much of the shift goes through each site</summary>
    <p class="small">
      In ${plural(change.windows, 'window')} tuning moved the log-probability of the scored words by
      ${signed(change.shift, 4)} nats along their feedback. Below: the part that goes through the
      change of the site’s activation at the position that predicts the word, to first order; sites
      that follow each other count the same part twice.
    </p>
    <div class="scroll free" tabindex="0" role="region" aria-label="Shift through each site">
      <table class="sites">
        <thead>
          <tr>
            <th class="l" scope="col">Site</th>
            <th scope="col">Through its change (nats)</th>
            <th scope="col">Not in features (nats)</th>
            <th scope="col">Correlation with patching</th>
          </tr>
        </thead>
        <tbody>
          ${change.sites.map(
            ({ site, total, error, patched }) =>
              html`<tr>
                <th scope="row"><bdi>${site}</bdi></th>
                <td>${signed(total, 4)}</td>
                <td>${signed(error, 4)}</td>
                <td>${fixed(patched.correlation, 3)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function overview({ features }: Report): Markup | null {
  const points = features.flatMap((feature, i) =>
    feature.ablationEffect === null
      ? []
      : [
          {
            x: 1000 * feature.carries,
            y: 1000 * feature.ablationEffect,
            hollow: feature.related !== true,
            named: i < namedPoints,
            name: `${i + 1}`,
            title: `#${i + 1} ${feature.label ?? feature.id}\ncarries ${perThousand(feature.carries)}\nablation effect ${perThousand(feature.ablationEffect)}`,
          },
        ],
  );
  if (points.length < 3) return null;
  return html`<figure>
    <h3>What a feature carries, and what happens when it is switched off</h3>
    ${responsive(
      (width) =>
        scatter({
          points,
          xTitle: 'Carries: shift of expected feedback, per 1,000 tokens',
          yTitle: 'Switched off: change, per 1,000 tokens',
          width,
          height: 260,
          label: `Ablation effect over carried shift for ${plural(points.length, 'feature')}; the cards below hold the numbers.`,
        }),
      { wide: 1110 },
    )}
    <figcaption>
      Filled: classified as about the feedback. Rings: not, or not classified. The regression is
      correlation, switching off is cause: a feature that does carry positive feedback lowers it
      when switched off (lower right). Numbers are those of the cards.
    </figcaption>
  </figure>`;
}
