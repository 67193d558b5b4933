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

/** The features that push mis-learned words against their stated feedback. */
export function contradictingFigure({ features, attribution }: Report): Markup {
  const { words, tested, flagged } = attribution.contradicting;
  const shown = features
    .map((feature, i) => ({ feature, rank: i + 1 }))
    .filter(({ feature }) => feature.discrepancy.flagged)
    .sort((a, b) => a.feature.discrepancy.p - b.feature.discrepancy.p || a.rank - b.rank);
  const title = html`<h3>Which features push words in the wrong direction?</h3>`;
  if (words === 0) {
    return html`${title}
      <p class="small">
        No word was learned against its feedback, so there is none for a feature to push.
      </p>`;
  }
  const finding = `${flagged} of ${plural(tested, 'feature')} ${flagged === 1 ? 'pushes' : 'push'} the ${plural(words, 'mis-learned word')} in the wrong direction more strongly than both frequency-matched words and words that moved as far (false discovery rate 5 %).`;
  if (shown.length === 0) {
    return html`${title}
      <p class="small">${finding}</p>`;
  }
  const rows = shown.map(({ feature: { discrepancy, label, id }, rank }): DotRow => {
    const named = discrepancy.words.slice(0, shownWords);
    return {
      label: `${rank} ${label ?? id}`,
      value: discrepancy.push,
      others: [discrepancy.expected, discrepancy.shifted],
      tone: 'flag',
      note: named.slice(0, 3).join(', '),
      title: `#${rank} ${label ?? id}\npush ${fixed(discrepancy.push)}, on frequency-matched words ${fixed(discrepancy.expected)}, on words that moved as far ${fixed(discrepancy.shifted)}\n${probabilityOf('p', discrepancy.p)}, ${probabilityOf('q', discrepancy.q)}\n${listed(named)}`,
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
            'Push against the stated feedback, relative to what features contribute to each word',
          reference: 0,
          width,
          label: `Push of ${plural(shown.length, 'feature')} on mis-learned words, against their stated feedback; the cards below give words and texts.`,
        }),
      { wide: 1110 },
    )}
    <figcaption>
      Dots: mean over the mis-learned words (learned against their stated feedback); those pushed
      furthest are named on the right. Rings: means over frequency-matched words, and over words
      that moved as far in the same direction. The numbers before the names are those of the cards.
    </figcaption>
  </figure>`;
}

/** Words that a flagged feature pushes against their feedback, and where. */
export function contradictingTexts({ discrepancy }: FeatureReport): Markup | null {
  const { words, texts, push, expected, shifted, q, flagged } = discrepancy;
  if (!flagged) return null;
  const most = texts.reduce((top, text) => Math.max(top, ...text.activations), 0);
  return html`<p class="small">
      Pushes ${listed(words.slice(0, shownWords).map((word) => `“${word}”`))} against their stated
      feedback: ${fixed(push)}, compared with ${fixed(expected)} for frequency-matched words and
      ${fixed(shifted)} for words that moved as far (${probabilityOf('q', q)}).
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
