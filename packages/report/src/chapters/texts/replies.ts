import { plainWord } from '@feedprint/core';
import { responsive } from '../../charts/frame.ts';
import { scatter } from '../../charts/scatter.ts';
import { count, fixed, probabilityOf, signed } from '../../format.ts';
import { heatClass, heatLimit, token } from '../../heat.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { listed, plural } from '../../text.ts';
import { heatKey } from '../../heat-key.ts';
import { section } from '../../section.ts';
import { statedFeedback } from '../../stated-feedback.ts';
import type { RepliesReport, Report } from './schema.ts';

const shownAtOnce = 4;

/** Whole texts whose implied reward is not what their stated feedback predicts. Nothing where there were too few. */
export function repliesSection(report: Report): Markup | null {
  const { replies } = report;
  if (!replies) return null;
  const { strongest, flagged, perStated } = replies;
  const limit = heatLimit(strongest.flatMap(({ logRatio }) => logRatio));
  const rest = strongest.slice(shownAtOnce);
  return section(
    {
      id: 'replies',
      title: 'Which whole texts did it judge differently from what it was told?',
      brief: `${count(flagged)} of ${plural(replies.count, 'text')}`,
    },
    html`<p>
      The implied reward of a text is the sum of its tokens’ log-ratios. Each additional unit of
      stated feedback goes with ${signed(perStated)} nats; ${count(flagged)} of
      ${plural(replies.count, 'text')} ${flagged === 1 ? 'departs' : 'depart'} from what stated
      feedback and length predict beyond chance (false discovery rate 5 %).
    </p>`,
    html`<figure>${picture(replies, statedFeedback(report))}</figure>`,
    html`<h3>The texts that depart furthest</h3>
      <ul class="key">
        ${heatKey(limit)}
        <li>
          <span class="said">positive</span> <span class="said against">negative</span> stated
          feedback
        </li>
        <li><span class="out">word</span> that carries the departure</li>
      </ul>`,
    strongest.slice(0, shownAtOnce).map((text) => drawText(text, limit)),
    rest.length > 0 &&
      html`<details>
        <summary>${plural(rest.length, 'more text')}</summary>
        ${rest.map((text) => drawText(text, limit))}
      </details>`,
  );
}

function picture({ points, count: texts }: RepliesReport, name: string): Markup {
  return html`${responsive(
      (width) =>
        scatter({
          points: points.map((point) => ({
            x: point.stated,
            y: point.reward,
            flagged: point.flagged,
            name: `text ${point.text}`,
            title: `text ${count(point.text)}\nstated ${signed(point.stated)}\nimplied reward ${signed(point.reward)}, expected ${signed(point.expected)}`,
          })),
          xTitle: `Stated ${name}, summed`,
          yTitle: 'Implied reward, nats',
          width,
          height: Math.min(420, width * 0.7),
          names: width > 500 ? 12 : 5,
          label: `Scatter plot of implied reward against stated feedback for ${plural(points.length, 'text')}.`,
        }),
      { wide: 800 },
    )}
    <figcaption>
      Each dot is a text (${count(points.length)} of ${count(texts)} shown). Coloured: departs
      beyond chance, allowing for its length.
    </figcaption>`;
}

function drawText(text: RepliesReport['strongest'][number], limit: number): Markup {
  const carries = new Set(text.words);
  const words = text.words.map((word) => `“${plainWord(word)}”`);
  return html`<div class="heat-text">
    <p class="small">
      text ${count(text.text)}: implied reward ${signed(text.reward)}, expected
      ${signed(text.expected)} (stated ${signed(text.statedSum)}); score ${fixed(text.score)},
      ${probabilityOf('q', text.q)}${text.flagged && ', flagged'}${
        words.length > 0 && html`; mostly because of ${listed(words)}`
      }
    </p>
    <p>
      ${text.tokens.map((each, t) => {
        const said = text.stated[t] ?? null;
        return token({
          text: each,
          classes: [
            heatClass(text.logRatio[t], limit),
            said === null || said === 0 ? '' : said > 0 ? 'said' : 'said against',
            carries.has(each) ? 'out' : '',
          ],
          title: `log-ratio ${signed(text.logRatio[t], 3)} nats${said === null ? '' : `\nstated ${signed(said)}`}`,
        });
      })}${text.cut && ' …'}
    </p>
  </div>`;
}
