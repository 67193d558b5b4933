import { histogram } from '../../charts/histogram.ts';
import { miniBar } from '../../charts/mini-bar.ts';
import { featureAnchor } from '../../feature-anchors.ts';
import { fixed, perThousand, percent, probabilityOf, signed, significant } from '../../format.ts';
import { heatClass, token } from '../../heat.ts';
import { contradictingTexts } from './contradicting.ts';
import { html } from '../../html.ts';
import type { Child, Markup } from '../../html.ts';
import { plural } from '../../text.ts';
import type { FeatureReport } from './schema.ts';

export interface FeatureCardOptions {
  readonly feature: FeatureReport;
  /** From 1, as numbered on the page. */
  readonly rank: number;
  /** Magnitudes at which the bars are full. */
  readonly limits: { readonly carries: number; readonly effect: number };
}

const windows = 3;

/** One feature: what it is about, its numbers, its strongest examples. */
export function featureCard({ feature, rank, limits }: FeatureCardOptions): Markup {
  const { ablationEffect: effect } = feature;
  const most = feature.examples.reduce((top, each) => Math.max(top, ...each.activations), 0);
  return html`<article class="card" id="${featureAnchor(rank)}">
    <header>
      <h4>
        <span class="soft">${rank}</span>
        ${feature.label ?? html`<span class="soft">not labelled</span>`}
      </h4>
      <div>
        ${tag(feature)}
        ${
          feature.labelScore !== null &&
          html`<small>label score ${fixed(feature.labelScore)}</small>`
        }
      </div>
      <small><bdi>${feature.site}</bdi>, feature ${feature.index}</small>
    </header>
    <dl class="facts">
      ${fact('carries', perThousand(feature.carries), miniBar(feature.carries, limits.carries))}
      ${fact(
        'in base',
        perThousand(feature.carriesBase),
        html`<small>its match in the base model</small>`,
      )}
      ${fact(
        'change',
        significant(feature.change),
        html`<small>nats per word through its change</small>`,
      )}
      ${fact('switched off', perThousand(effect), effect !== null && miniBar(effect, limits.effect))}
      ${fact('on feedback', percent(feature.onFeedback), html`<small>of its activation is on scored tokens</small>`)}
      ${fact('density', percent(feature.density, 2))}
      ${fact(
        'odds ratio',
        significant(feature.oddsRatio),
        feature.fisherP !== null &&
          html`<small>${probabilityOf('p', feature.fisherP)} (Fisher)${compared(feature)}</small>`,
      )}
      ${fact(
        'match',
        fixed(feature.matchedBase),
        html`<small>in the base SAE; ${fixed(feature.matchedLarge)} in the large one</small>`,
      )}
      ${fact('activation', '', activationHistogram(feature))}
    </dl>
    ${tokenEffects(feature)} ${contradictingTexts(feature)}
    ${
      feature.examples.length === 0
        ? html`<p class="small">No example windows.</p>`
        : feature.examples.slice(0, windows).map((example) => window(example, most))
    }
  </article>`;
}

/** How strongly it is active where it is. */
function activationHistogram({ histogram: { counts, most } }: FeatureReport): Child {
  const active = counts.reduce((sum, n) => sum + n, 0);
  if (active === 0) return html`<small>silent at the sampled tokens</small>`;
  return histogram({
    counts,
    most: significant(most),
    label: `Histogram of its activations at ${plural(active, 'token')}, up to ${significant(most)}; heights are logarithms of counts.`,
  });
}

/** What it does to the next token by the direct path. */
function tokenEffects({ tokens }: FeatureReport): Markup | null {
  if (tokens === null) return null;
  const list = (name: string, effects: typeof tokens.promoted): Markup | null =>
    effects.length === 0
      ? null
      : html`<span class="soft">${name}</span> ${effects.map(({ token: text, effect }) => [
            token({ text, title: `${signed(effect)} nats` }),
            ' ',
          ])}`;
  return html`<p class="window small">
    ${list('promotes', tokens.promoted)} ${list('suppresses', tokens.suppressed)}
  </p>`;
}

/** What frequency-matched random features do. */
function compared({ enrichmentControl: control }: FeatureReport): string {
  if (!control) return '';
  const matched = control.p > 0.05 ? ', which do as well' : '';
  return `; random features ${significant(control.median)}${matched}`;
}

function tag({ related }: FeatureReport): Markup {
  if (related === null) return html`<span class="tag">not classified</span>`;
  return related
    ? html`<span class="tag yes">about the feedback</span>`
    : html`<span class="tag">not about the feedback</span>`;
}

function fact(name: string, value: string, extra: Child = null): Markup {
  return html`<dt>${name}</dt>
    <dd class="num">${value}</dd>
    <dd>${extra}</dd>`;
}

function window({ tokens, activations }: FeatureReport['examples'][number], most: number): Markup {
  return html`<p class="window">
    ${tokens.map((text, i) => {
      const activation = activations[i] ?? 0;
      const name = heatClass(activation, most, 'a');
      return activation > 0
        ? token({ text, classes: [name], title: `activation ${significant(activation)}` })
        : token({ text });
    })}
  </p>`;
}
