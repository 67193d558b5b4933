import { responsive } from '../../charts/frame.ts';
import { extent } from '../../charts/scale.ts';
import { scatter } from '../../charts/scatter.ts';
import { mean, signed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { plural } from '../../text.ts';
import { estimatorsFigure } from './estimators-figure.ts';
import { measuresTable } from './measures-table.ts';
import { empty, section } from '../../section.ts';
import type { Report } from './schema.ts';
import { verdicts } from './verdicts.ts';
import { wordTitle } from './word-title.ts';

/** Every word's estimate over its stated feedback, and each estimator's agreement beside its controls. */
export function agreementSection(report: Report): Markup {
  const { words, contrast } = report;
  return section(
    { id: 'agreement', title: 'Did it learn the feedback it was given?' },
    html`<p>
      Each dot is a word: across, the feedback it was given; up, how much more probable tuning made
      it (down: less).
      ${
        contrast.triples > 0 &&
        html`As a check from another side, exchanging one word in
        ${plural(contrast.triples, 'text')} (${plural(contrast.words, 'word')}) moves the dictionary
        features by a mean of ${signed(contrast.meanPositive, 3)} for positive and
        ${signed(contrast.meanNegative, 3)} for negative words, measured from a neutral one.`
      }
    </p>`,
    html`<div class="split">
      <figure>
        <h3>Learned feedback over stated feedback, ${plural(words.length, 'word')}</h3>
        ${words.length === 0 ? empty('No word was scored.') : picture(report)}
      </figure>
      <figure>
        <h3>Agreement of each estimator, beside its controls</h3>
        ${estimatorsFigure(report)}
      </figure>
    </div>`,
    verdicts(report),
    measuresTable(report),
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
          height: Math.min(520, width * 0.8),
          names: width > 500 ? 24 : 10,
          label: `Scatter of learned over stated feedback for ${plural(words.length, 'word')}; ${flagged} flagged as contradicting. The table of all words below holds the numbers.`,
        }),
      { wide: 650 },
    )}
    <figcaption>
      Dashes: what the stated feedback predicts (robust fit over all words; where the fit allows for
      a word’s frequency, its mean). Thin lines: 95 % intervals, cut at the frame. Coloured and
      named: the estimate contradicts the stated feedback.
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
