import { count, signed } from '../../format.ts';
import { heatClass, heatLimit, token } from '../../heat.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { plural } from '../../text.ts';
import { heatKey } from '../../heat-key.ts';
import { empty, section } from '../../section.ts';
import type { Report } from './schema.ts';

type HeatText = Report['heatTexts'][number];
const shownAtOnce = 10;

/** Example texts, each token coloured by how much more or less probable tuning made it. */
export function textsSection({ heatTexts, feedback }: Report): Markup {
  const limit = heatLimit(heatTexts.flatMap((text) => text.logRatio));
  const draw = (text: HeatText): Markup => heatText(text, limit);
  const rest = heatTexts.slice(shownAtOnce);
  return section(
    {
      id: 'texts',
      title: 'What does it look like in text?',
      brief: `${plural(heatTexts.length, 'text')}, token by token`,
    },
    heatTexts.length === 0
      ? empty('No example texts were kept.')
      : html`<p>
            The tuned model makes orange tokens more probable than the base model does, blue ones
            less.
            ${
              feedback &&
              'Where colour and underline disagree, the model learned something other than what it was told.'
            }
          </p>
          ${legend(limit, feedback !== undefined)}${heatTexts.slice(0, shownAtOnce).map(draw)}
          ${
            rest.length > 0 &&
            html`<details>
              <summary>${plural(rest.length, 'more text')}</summary>
              ${rest.map(draw)}
            </details>`
          }`,
  );
}

/** `stated`: whether anything is stated of words. */
function legend(limit: number, stated: boolean): Markup {
  return html`<ul class="key">
    ${heatKey(limit)}
    ${
      stated &&
      html`<li>
          <span class="said">positive</span> <span class="said against">negative</span> stated
          feedback
        </li>
        <li><span class="out">word</span> flagged as contradicting</li>`
    }
  </ul>`;
}

function heatText({ text, tokens, logRatio, stated, flagged }: HeatText, limit: number): Markup {
  const outlined = new Set(flagged);
  return html`<p class="heat-text">
    <span class="n">text ${count(text)}</span>${tokens.map((each, i) => {
      const said = stated[i] ?? null;
      const ratio = logRatio[i];
      return token({
        text: each,
        classes: [
          heatClass(ratio, limit),
          said === null ? '' : said > 0 ? 'said' : said < 0 ? 'said against' : 'said neither',
          outlined.has(i) ? 'out' : '',
        ],
        title: `log-ratio ${signed(ratio, 3)} nats${said === null ? '' : `\nstated ${signed(said)}`}${outlined.has(i) ? '\nflagged' : ''}`,
      });
    })}
  </p>`;
}
