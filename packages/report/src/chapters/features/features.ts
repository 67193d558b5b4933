import { responsive } from '../../charts/frame.ts';
import { scatter } from '../../charts/scatter.ts';
import { count, fixed, percent, perThousand, signed } from '../../format.ts';
import { heatSteps, ramp } from '../../heat.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { plural } from '../../text.ts';
import { contradictingFigure } from './contradicting.ts';
import { featureCard } from './feature-card.ts';
import { empty, section } from '../../section.ts';
import type { Report } from './schema.ts';

/** If the report says how much of the shift goes through the sites, that comes before what is found at them. */
type BesideLocation = Report & {
  readonly location?: {
    readonly sites: {
      readonly sites: readonly string[];
      readonly restored: { readonly slope: { readonly value: number | null } };
    } | null;
  };
};

const shownAtOnce = 12;
const namedPoints = 12;

/** The features that carry the learned feedback: an overview, then a card for each. */
export function featuresSection(report: BesideLocation): Markup {
  const { features } = report;
  const related = features.filter((feature) => feature.related === true).length;
  const judged = features.filter((feature) => feature.related !== null).length;
  const limits = {
    carries: largest(features.map((feature) => feature.carries)),
    effect: largest(features.map((feature) => feature.ablationEffect ?? 0)),
  };
  const cards = features.map((feature, i) => featureCard({ feature, rank: i + 1, limits }));
  return section(
    {
      id: 'features',
      title: 'Which features carry it?',
      brief: `${plural(report.attribution.features, 'feature')} explain ${percent(report.attribution.explained)} of the words’ shifts, the base model’s ${percent(report.attribution.explainedBase)}`,
    },
    features.length === 0
      ? empty('No features were kept.')
      : html`${throughSites(report)}
          <p>
            Tuning shifted the expected feedback of the next token by
            ${perThousand(report.attribution.shift)} per 1,000 tokens. A ridge regression over
            ${plural(report.attribution.positions, 'position')} attributes this to
            ${plural(report.attribution.features, 'kept feature')}, which explain
            ${percent(report.attribution.explained)} of the variance of the words’ shifts; the
            matching features of the base model explain
            ${percent(report.attribution.explainedBase)}. Of these, ${count(features.length)} are
            shown: first those that carry most of the shift, then those with the largest share of
            their activation on tokens that the feedback scores
            (${percent(report.texts.scoredTokens / Math.max(1, report.texts.tokens))} of all
            tokens), then those that push words against their feedback.
            ${
              judged === 0
                ? 'None was classified.'
                : `${related} of the ${plural(judged, 'feature')} classified ${related === 1 ? 'is' : 'are'} about the feedback.`
            }
          </p>
          ${overview(report)} ${contradictingFigure(report)} ${changeTable(report)}
          <ul class="key">
            <li>
              examples: weak ${ramp(Array.from({ length: heatSteps }, (_, i) => `a${i + 1}`))}
              strong activation, relative to each feature’s own maximum
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

/** How little or much features at these sites can show. */
function throughSites({ location }: BesideLocation): Markup | null {
  const { sites = [], restored } = location?.sites ?? {};
  if (!restored || restored.slope.value === null) return null;
  const [where, carry] = sites.length === 1 ? ['site', 'carries'] : ['sites', 'carry'];
  return html`<p>
    <strong>
      The ${where} looked into ${carry} ${percent(restored.slope.value, 0)} of the shift along the
      feedback</strong
    >: so much of it is undone when the tuned model computes with the base’s activations there. What
    is elsewhere, these features cannot show.
  </p>`;
}

/** How much of the words' shift goes through the change of each site. */
function changeTable({ attribution: { change } }: Report): Markup | null {
  if (change === null) return null;
  return html`<details>
    <summary>How much of the shift goes through each site</summary>
    <p class="small">
      In ${plural(change.windows, 'window')}, tuning moved the log-probability of the scored words
      by ${signed(change.shift, 4)} nats in the direction of their feedback. The table gives, to
      first order, the part of this that goes through the change in each site’s activation at the
      position that predicts the word; consecutive sites count the same part twice.
    </p>
    <div class="scroll free" tabindex="0" role="region" aria-label="Shift through each site">
      <table class="sites">
        <thead>
          <tr>
            <th class="l" scope="col">Site</th>
            <th scope="col">Through its change (nats)</th>
            <th scope="col">Not in any feature (nats)</th>
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
          label: `Ablation effect against carried shift for ${plural(points.length, 'feature')}; the cards below give the numbers.`,
        }),
      { wide: 1110 },
    )}
    <figcaption>
      Filled: classified as about the feedback. Rings: classified as not, or not classified. The
      regression shows correlation; switching off shows cause: a feature that really carries
      positive feedback lowers it when switched off (lower right). Numbers are those of the cards.
    </figcaption>
  </figure>`;
}
