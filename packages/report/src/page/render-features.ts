import { histogram } from '../charts/histogram.ts';
import { fixed, percent, signed, significant } from '../format.ts';
import { heatClass, token } from '../heat.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { plainPage } from './plain-page.ts';
import { plural } from '../text.ts';

/** A token, and by how many nats a feature changes its log-probability. */
interface TokenEffect {
  readonly token: string;
  readonly effect: number;
}

/** One feature of an SAE, as it is shown. */
export interface ShownFeature {
  readonly id: string;
  readonly label: string | null;
  /** Balanced accuracy of the label on windows that it was not made from; null where it was not scored. */
  readonly labelScore: number | null;
  /** Share of the tokens on which it is active. */
  readonly density: number;
  readonly histogram: { readonly most: number; readonly counts: readonly number[] };
  /** What it does to the next token by the direct path; null where the model does not show it. */
  readonly tokens: {
    readonly promoted: readonly TokenEffect[];
    readonly suppressed: readonly TokenEffect[];
  } | null;
  readonly examples: readonly {
    readonly tokens: readonly string[];
    readonly activations: readonly number[];
  }[];
}

export interface FeaturesPage {
  readonly title: string;
  /** What the features were seen on, as a sentence. */
  readonly about: string;
  readonly features: readonly ShownFeature[];
}

/** A page of its own of features one can look at. */
export const renderFeatures = ({ title, about, features }: FeaturesPage): string =>
  plainPage({ title, about, main: features.map(card) });

function card(feature: ShownFeature): Markup {
  const { id, label, labelScore, density, tokens, examples } = feature;
  const { counts, most } = feature.histogram;
  const active = counts.reduce((sum, n) => sum + n, 0);
  return html`<article class="card">
    <header>
      <h4>${label ?? html`<span class="soft">not labelled</span>`}</h4>
      ${labelScore !== null && html`<small>label score ${fixed(labelScore)}</small>`}
      <small><bdi>${id}</bdi>, active on ${percent(density, 2)} of the tokens</small>
    </header>
    ${
      active > 0 &&
      histogram({
        counts,
        most: significant(most),
        label: `Histogram of its activations at ${plural(active, 'token')}, up to ${significant(most)}; heights are logarithms of counts.`,
      })
    }
    ${tokens && html`<p class="window small">${effects('promotes', tokens.promoted)} ${effects('suppresses', tokens.suppressed)}</p>`}
    ${examples.map((example) => window(example, most))}
  </article>`;
}

const effects = (name: string, list: readonly TokenEffect[]): Markup | null =>
  list.length === 0
    ? null
    : html`<span class="soft">${name}</span> ${list.map(({ token: text, effect }) => [
          token({ text, title: `${signed(effect)} nats` }),
          ' ',
        ])}`;

const window = ({ tokens, activations }: ShownFeature['examples'][number], most: number): Markup =>
  html`<p class="window">
    ${tokens.map((text, i) => {
      const activation = activations[i] ?? 0;
      return activation > 0
        ? token({
            text,
            classes: [heatClass(activation, most, 'a')],
            title: `activation ${significant(activation)}`,
          })
        : token({ text });
    })}
  </p>`;
