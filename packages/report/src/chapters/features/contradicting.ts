import { dots } from '../../charts/dots.ts';
import type { DotRow } from '../../charts/dots.ts';
import { responsive } from '../../charts/frame.ts';
import { fixed, probabilityOf, significant } from '../../format.ts';
import { heatClass, token } from '../../heat.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { listed, plural } from '../../text.ts';
import type { FeatureReport, Report } from './schema.ts';

const shownWords = 5;

/** The features that push words against their stated feedback which were learned against it. */
export function contradictingFigure({ features, attribution }: Report): Markup {
  const { words, tested, flagged } = attribution.contradicting;
  const shown = features
    .map((feature, i) => ({ feature, rank: i + 1 }))
    .filter(({ feature }) => feature.discrepancy.flagged)
    .sort((a, b) => a.feature.discrepancy.p - b.feature.discrepancy.p || a.rank - b.rank);
  const title = html`<h3>Which features push words against their feedback?</h3>`;
  if (words === 0) {
    return html`${title}
      <p class="small">
        No word was learned against its feedback, so that no feature can push one.
      </p>`;
  }
  const finding = `${plural(flagged, 'feature')} of ${tested} ${flagged === 1 ? 'pushes' : 'push'} the ${plural(words, 'word')} learned against the stated feedback further against it than other words of like frequency (false discovery rate 5 %).`;
  if (shown.length === 0) {
    return html`${title}
      <p class="small">${finding}</p>`;
  }
  const rows = shown.map(({ feature: { discrepancy, label, id }, rank }): DotRow => {
    const named = discrepancy.words.slice(0, shownWords);
    return {
      label: `${rank} ${label ?? id}`,
      value: discrepancy.push,
      others: [discrepancy.expected],
      tone: 'flag',
      note: named.slice(0, 3).join(', '),
      title: `#${rank} ${label ?? id}\npush ${fixed(discrepancy.push)}, of other words ${fixed(discrepancy.expected)}\n${probabilityOf('p', discrepancy.p)}, ${probabilityOf('q', discrepancy.q)}\n${listed(named)}`,
    };
  });
  return html`<figure>
    ${title}
    <p>${finding}</p>
    ${responsive(
      (width) =>
        dots({
          rows,
          xTitle:
            'Push against the stated feedback, relative to what features contribute to a word',
          reference: 0,
          width,
          label: `Push of ${plural(shown.length, 'feature')} against the stated feedback of words learned against it; the cards below hold words and texts.`,
        }),
      { wide: 1110 },
    )}
    <figcaption>
      Dots: mean over the words that were learned against their feedback, those pushed furthest
      named at the right. Rings: over other words of like frequency. Numbers before the names are
      those of the cards.
    </figcaption>
  </figure>`;
}

/** Words that a flagged feature pushes against their feedback, and where. */
export function contradictingTexts({ discrepancy }: FeatureReport): Markup | null {
  const { words, texts, push, expected, q, flagged } = discrepancy;
  if (!flagged) return null;
  const most = texts.reduce((top, text) => Math.max(top, ...text.activations), 0);
  return html`<p class="small">
      Pushes ${listed(words.slice(0, shownWords).map((word) => `“${word}”`))} against the stated
      feedback: ${fixed(push)}, other words ${fixed(expected)} (${probabilityOf('q', q)}).
    </p>
    ${texts.map(
      ({ tokens, activations }) =>
        html`<p class="window">
          ${tokens.map((text, i) => {
            const activation = activations[i] ?? 0;
            if (i === tokens.length - 1) return html`<b>${token({ text })}</b>`;
            return activation > 0
              ? token({
                  text,
                  classes: [heatClass(activation, most, 'a')],
                  title: `activation ${significant(activation)}`,
                })
              : token({ text });
          })}
        </p>`,
    )}`;
}
