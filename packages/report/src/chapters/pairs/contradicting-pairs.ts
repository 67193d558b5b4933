import { plainWord } from '@feedprint/core';
import { fixed, probabilityOf, signed } from '../../format.ts';
import { heatClass, heatLimit, token } from '../../heat.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { listed } from '../../text.ts';
import { heatKey } from '../../heat-key.ts';
import { empty } from '../../section.ts';
import type { PreferencesReport } from './schema.ts';

type Pair = PreferencesReport['contradictions'][number];

const shownAtOnce = 5;

/** The pairs that contradict their label most, their replies coloured by the log-ratio of each token. */
export function contradictingPairs({ contradictions, flagged }: PreferencesReport): Markup {
  const limit = heatLimit(
    contradictions.flatMap(({ chosen, rejected }) => [...chosen.logRatio, ...rejected.logRatio]),
  );
  const rest = contradictions.slice(shownAtOnce);
  return html`<h3>Pairs that most contradict their label</h3>
    ${
      contradictions.length === 0
        ? empty('No pairs were read.')
        : html`${
              flagged === 0 &&
              html`<p class="small">None of them does so beyond chance; these come closest.</p>`
            }
            <ul class="key">
              ${heatKey(limit)}
              <li><span class="out">word</span> on which the contradiction turns</li>
            </ul>
            ${contradictions.slice(0, shownAtOnce).map((pair) => drawPair(pair, limit))}
            ${
              rest.length > 0 &&
              html`<details>
                <summary>${rest.length} more</summary>
                ${rest.map((pair) => drawPair(pair, limit))}
              </details>`
            }`
    }`;
}

function drawPair(pair: Pair, limit: number): Markup {
  const name = pair.id === null ? `pair ${pair.pair}` : `pair ${pair.id}`;
  const words = pair.words.map((word) => `“${plainWord(word)}”`);
  return html`<div class="heat-text">
    <p class="small">
      <bdi>${name}</bdi>${pair.split !== null && html` (<bdi>${pair.split}</bdi>)`}: margin
      ${signed(pair.margin)}, ${signed(pair.learned)} from its words alone; label from its words
      ${signed(pair.inData)}; score ${fixed(pair.score)},
      ${probabilityOf('q', pair.q)}${
        pair.flagged ? ', flagged' : ''
      }${words.length > 0 && html`; turns on ${listed(words)}`}
    </p>
    <p class="small"><span class="n">prompt</span><bdi>${pair.prompt}</bdi></p>
    ${drawReply('chosen', pair, limit)}${drawReply('rejected', pair, limit)}
  </div>`;
}

function drawReply(which: 'chosen' | 'rejected', pair: Pair, limit: number): Markup {
  const { tokens, logRatio, reward } = pair[which];
  const turning = new Set(pair.words);
  return html`<p>
    <span class="n">${which}, reward ${signed(reward)}</span>${tokens.map((text, t) =>
      token({
        text,
        classes: [heatClass(logRatio[t], limit), turning.has(text) ? 'out' : ''],
        title: `log-ratio ${signed(logRatio[t], 3)} nats`,
      }),
    )}
  </p>`;
}
