import { bars } from '../../charts/bars.ts';
import { dots } from '../../charts/dots.ts';
import { responsive } from '../../charts/frame.ts';
import { lineChart } from '../../charts/line.ts';
import { count, fixed, percent, signed, significant } from '../../format.ts';
import { token } from '../../heat.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { plural } from '../../text.ts';
import { changeDictionaries } from './change-dictionaries.ts';
import { section } from '../../section.ts';
import type { ChangesReport, Report } from './schema.ts';
import { wordList } from './word-list.ts';

type Method = ChangesReport['methods'][number];

/** Words at each end of a method's picture. */
const SHOWN = 10;

/** What the tuning changed, measured without looking at any feedback. */
export function changesSection({ changes }: Report): Markup {
  return section(
    {
      id: 'changes',
      title: 'What did tuning change, judged without any labels?',
      brief: `predictions moved by ${significant(changes.kl.mean)} nats on average`,
    },
    found(changes),
  );
}

function found(changes: ChangesReport): Markup {
  const { kl, methods, positions, texts } = changes;
  const at = (share: number): number | undefined =>
    kl.quantiles.find((quantile) => Math.abs(quantile.share - share) < 1e-9)?.value;
  const pictured = ['log-ratio', 'lens-before'].flatMap(
    (name) => methods.find(({ method }) => method === name) ?? [],
  );
  return html`<p>
      The base and the tuned model read the same ${plural(texts, 'text')}
      (${plural(positions, 'position')}). Nothing here has seen the feedback: what was rewarded must
      show by itself. Next-token distributions moved by KL(tuned ‖ base) ${significant(kl.mean)}
      nats on average (median ${significant(at(0.5))}, 95th percentile ${significant(at(0.95))}).
    </p>
    <div class="split even">${howFar(changes)}${howMuch(changes)}</div>
    ${
      pictured.length > 0 &&
      html`<div class="split even">${pictured.map((method) => wordsFigure(method))}</div>`
    }
    ${mostChanged(changes)}${changeDictionaries(changes)}${methodsTable(changes)}`;
}

function howFar({ sites, directions }: ChangesReport): Markup {
  const first = directions.aboutZero[0];
  return html`<figure>
    <h3>How far activations moved</h3>
    ${responsive(
      (width) =>
        bars({
          bars: sites.map((site) => ({
            label: site.layer === null ? site.site : String(site.layer),
            value: 100 * site.relativeL2,
            strong: site.site === directions.site,
            title: `${site.site}\nrelative ${percent(site.relativeL2)}\nmean norm of the difference ${significant(site.meanL2)}, of the base ${significant(site.baseNorm)}\nnorm of the mean difference ${significant(site.meanDifference)}`,
          })),
          xTitle: 'Layer',
          yTitle: 'Difference as a share of the base’s norm (%)',
          width,
          height: 240,
          label:
            'Relative norm of the difference in activations by layer; the dark bar is the layer examined.',
          format: (value) => fixed(value, 1),
        }),
      { wide: 530 },
    )}
    ${
      first !== undefined &&
      html`<figcaption>
        Dark: <bdi>${directions.site}</bdi>, examined below. ${percent(first)} of its squared
        differences lie along one
        direction${
          directions.aboutMean[0] !== undefined &&
          html`; ${percent(directions.aboutMean[0])} once what all positions share is removed`
        }.
      </figcaption>`
    }
  </figure>`;
}

function howMuch({ kl }: ChangesReport): Markup {
  const points = kl.quantiles.map(({ share, value }) => [100 * share, value] as const);
  return html`<figure>
    <h3>How far predictions moved</h3>
    ${responsive(
      (width) =>
        lineChart({
          series: [
            {
              points,
              className: 'tuned size-0',
              title: `mean ${significant(kl.mean)} nats; KL(base ‖ tuned) ${significant(kl.reverse)}`,
            },
          ],
          xTitle: 'positions (%), least changed first',
          yTitle: 'KL(tuned ‖ base), nats',
          scale: 'linear',
          width,
          height: 240,
          label: 'Divergence of next-token distributions, by share of the positions.',
        }),
      { wide: 530 },
    )}
  </figure>`;
}

const titles: Readonly<Record<string, string>> = {
  'log-ratio': 'Words that became more and less probable',
  'lens-before': 'Words that the change in activations promotes and suppresses',
};

function wordsFigure({ method, description, highest, lowest }: Method): Markup {
  const rows = [...highest.slice(0, SHOWN), ...lowest.slice(0, SHOWN).reverse()];
  return html`<figure>
    <h3>${titles[method]}</h3>
    ${responsive(
      (width) =>
        dots({
          rows: rows.map(({ word, value }, i) => ({
            label: word,
            value,
            tone: i < SHOWN ? 'main' : 'control',
            note: signed(value),
            title: `${word}\n${method} ${signed(value, 3)} nats`,
            ...(i === SHOWN && { group: true }),
          })),
          xTitle: 'nats',
          reference: 0,
          width,
          label: `Words with the largest and the smallest ${method}.`,
        }),
      { wide: 530 },
    )}
    <figcaption>${description}</figcaption>
  </figure>`;
}

function mostChanged({ positionsMost }: ChangesReport): Markup | false {
  if (positionsMost.length === 0) return false;
  return html`<h3>Where the next word changed most</h3>
    <p class="small">
      At the end of each line the tuned model leans towards the coloured word; the text continues
      with the underlined one.
    </p>
    ${positionsMost.map(
      ({ text, context, next, gained, kl }) =>
        html`<p class="heat-text">
          <span class="n">text ${count(text)}, ${fixed(kl)} nats</span>${context.map((each) =>
            token({ text: each }),
          )}${token({ text: gained, classes: ['p4'], title: `KL ${fixed(kl, 3)} nats` })}${token({
            text: ` / `,
          })}${token({ text: next, classes: ['said'] })}
        </p>`,
    )}`;
}

function methodsTable({ methods }: ChangesReport): Markup {
  const words = (list: Method['highest']): Markup => wordList(list.map(({ word }) => word));
  return html`<details>
    <summary>Words that each label-free method ranks first and last</summary>
    <div class="scroll free" tabindex="0" role="region" aria-label="Label-free methods">
      <table>
        <thead>
          <tr>
            <th class="l" scope="col">Method</th>
            <th class="l" scope="col">Highest</th>
            <th class="l" scope="col">Lowest</th>
          </tr>
        </thead>
        <tbody>
          ${methods.map(
            ({ method, description, highest, lowest }) =>
              html`<tr>
                <th scope="row" title="${description}">${method}</th>
                <td class="l wrap">${words(highest)}</td>
                <td class="l wrap">${lowest.length > 0 ? words(lowest) : 'none: a magnitude'}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="small">
      Only words that occur at least ten times after another token; every score is in
      tables/changes.parquet.
    </p>
  </details>`;
}
