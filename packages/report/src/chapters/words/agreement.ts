import { responsive } from '../../charts/frame.ts';
import { extent } from '../../charts/scale.ts';
import { scatter } from '../../charts/scatter.ts';
import { mean } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { plural } from '../../text.ts';
import { empty, section } from '../../section.ts';
import type { Report } from './schema.ts';
import { wordTitle } from './word-title.ts';

/** Every word's estimate against its stated feedback. */
export function agreementSection(report: Report): Markup {
  const { words } = report;
  return section(
    { id: 'agreement', title: 'Did it learn the feedback it was given?' },
    html`<p>
        Each dot is a word. The horizontal axis shows the feedback it was given, the vertical axis
        how much more probable tuning made it (below 0: less).
      </p>
      <figure>
        <h3>Learned feedback plotted against stated feedback, ${plural(words.length, 'word')}</h3>
        ${words.length === 0 ? empty('No word was scored.') : picture(report)}
      </figure>`,
  );
}

function picture({ words, feedback }: Report): Markup {
  const flagged = words.filter((word) => word.flagged).length;
  return html`${responsive(
      (width) =>
        scatter({
          points: words.map((word) => ({
            x: word.stated,
            y: word.estimate,
            low: word.interval?.low ?? word.estimate,
            high: word.interval?.high ?? word.estimate,
            flagged: word.flagged,
            name: word.word,
            title: wordTitle(word),
          })),
          line: expectedLine(words),
          xTitle: `Stated feedback (${feedback.name})`,
          yTitle: 'Learned feedback (log-ratio, nats)',
          width,
          height: Math.min(520, width * 0.55),
          names: width > 500 ? 24 : 10,
          label: `Scatter plot of learned against stated feedback for ${plural(words.length, 'word')}; ${flagged} flagged as contradicting. The table of all words below gives the numbers.`,
        }),
      { wide: 900 },
    )}
    <figcaption>
      Dashed line: what the stated feedback predicts (robust fit over all words; its mean trend
      where the fit allows for a word’s frequency). Thin lines: 95 % intervals, clipped at the
      frame. Coloured and named: the estimate contradicts the stated feedback.
    </figcaption>`;
}

/** The straight line through the words' expected estimates (least squares), from the least to the greatest stated feedback. */
function expectedLine(words: Report['words']): (readonly [number, number])[] {
  const x = mean(words.map((word) => word.stated)) ?? 0;
  const y = mean(words.map((word) => word.expected)) ?? 0;
  const spread = words.reduce((sum, word) => sum + (word.stated - x) ** 2, 0);
  if (spread === 0) return [];
  const slope =
    words.reduce((sum, word) => sum + (word.stated - x) * (word.expected - y), 0) / spread;
  return extent(words.map((word) => word.stated)).map((end) => [end, y + slope * (end - x)]);
}
