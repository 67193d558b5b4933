import { dots } from '../../charts/dots.ts';
import { responsive } from '../../charts/frame.ts';
import { lineChart } from '../../charts/line.ts';
import { bracketed, count, fixed, percent, signed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { plural } from '../../text.ts';
import { empty, section } from '../../section.ts';
import type { Report, ShiftReport } from './schema.ts';

const ranks = { unshifted: 'rank 1', marginal: 'rank 2 or 3', shifted: 'rank above 3' } as const;
/** Tokens in the table. */
const SHOWN = 15;

/** How the base model ranks what the tuned model says: token distribution shift. */
export function shiftSection({ shift, feedback }: Report): Markup {
  return section(
    {
      id: 'shift',
      title: 'What does it say now that the base would not have said?',
      brief: `${plural(shift.all.tokens, 'token')} ranked by the base`,
    },
    shift.all.tokens === 0
      ? empty('The tuned model added no tokens.')
      : found(shift, feedback !== undefined),
  );
}

/** `stated`: whether anything is stated of words. */
function found(shift: ShiftReport, stated: boolean): Markup {
  const { all, prompts, kl } = shift;
  return html`<p>
      The tuned model continued the beginnings of ${plural(prompts, 'text')}, always with its most
      probable token: ${plural(all.tokens, 'token')}, each ranked by the base model given the same
      preceding words. There, the two models’ distributions differ by KL(tuned ‖ base)
      ${fixed(kl.value, 3)} nats ${bracketed(kl.interval, 3)}.
    </p>
    <div class="split even">
      <figure>
        <h3>Shares of what it says, by rank under the base</h3>
        ${classPicture(shift)} ${classTable(shift, stated)}
      </figure>
      <figure>
        <h3>Shifted tokens along the continuation</h3>
        ${positionPicture(shift)}
      </figure>
    </div>
    ${tokenTable(shift, stated)}`;
}

function classPicture({ classes }: ShiftReport): Markup {
  return responsive(
    (width) =>
      dots({
        rows: classes.map(({ class: name, share, interval, tokens }) => ({
          label: name,
          value: share === null ? null : 100 * share,
          interval: interval && { low: 100 * interval.low, high: 100 * interval.high },
          tone: name === 'shifted' ? 'flag' : 'main',
          note: percent(share),
          title: `${name}: ${ranks[name]}\n${count(tokens)} tokens`,
        })),
        xTitle: 'share of tokens (%)',
        cover: [0],
        width,
        label: 'Shares of unshifted, marginal and shifted tokens with 95 % intervals.',
      }),
    { wide: 530 },
  );
}

function classTable({ classes, all }: ShiftReport, stated: boolean): Markup {
  const line = (name: string, shown: ShiftReport['all']): Markup =>
    html`<tr>
      <th scope="row">${name}</th>
      <td>${count(shown.tokens)}</td>
      <td>${signed(shown.logRatio)}</td>
      ${
        stated &&
        html`<td>${percent(shown.scored)}</td>
          <td>${signed(shown.stated)}</td>`
      }
    </tr>`;
  return html`<div class="scroll free" tabindex="0" role="region" aria-label="Classes of tokens">
    <table>
      <thead>
        <tr>
          <th class="l" scope="col">Class</th>
          <th scope="col">Tokens</th>
          <th scope="col" title="Mean log p tuned / p base, nats">Log-ratio</th>
          ${
            stated &&
            html`<th scope="col" title="Share that the feedback scores">Scored</th>
              <th scope="col" title="Mean stated feedback of those">Stated</th>`
          }
        </tr>
      </thead>
      <tbody>
        ${classes.map((each) => line(`${each.class} (${ranks[each.class]})`, each))}
        ${line('all', all)}
      </tbody>
    </table>
  </div>`;
}

function positionPicture({ positions }: ShiftReport): Markup {
  const series = (key: 'shifted' | 'marginal', className: string) => ({
    points: positions.map((each) => [each.position + 1, 100 * each[key]] as const),
    className,
    title: key,
  });
  return html`${responsive(
      (width) =>
        lineChart({
          series: [series('marginal', 'base size-0'), series('shifted', 'tuned size-0')],
          xTitle: 'token of the continuation',
          yTitle: 'share of tokens (%)',
          scale: 'linear',
          width,
          height: 240,
          label: 'Share of shifted and of marginal tokens, by position in the continuation.',
        }),
      { wide: 530 },
    )}
    <p class="small">Dark: shifted; grey: marginal.</p>`;
}

function tokenTable({ shiftedTokens }: ShiftReport, stated: boolean): Markup | false {
  return (
    shiftedTokens.length > 0 &&
    html`<h3>Shifted most often</h3>
      <div class="scroll free" tabindex="0" role="region" aria-label="Tokens shifted most often">
        <table>
          <thead>
            <tr>
              <th class="l" scope="col">Token</th>
              <th scope="col" title="Out of all the times it was said">Times shifted</th>
              <th scope="col" title="Under the base, where it was shifted">Mean rank</th>
              <th scope="col" title="Mean log p tuned / p base, nats">Log-ratio</th>
              ${stated && html`<th scope="col">Stated</th>`}
            </tr>
          </thead>
          <tbody>
            ${shiftedTokens.slice(0, SHOWN).map(
              ({ text, count: times, added, rank, logRatio, stated: told }) =>
                html`<tr class="${told !== null && told < 0 ? 'flag' : ''}">
                  <th scope="row"><bdi>${text}</bdi></th>
                  <td>${count(times)} of ${count(added)}</td>
                  <td>${fixed(rank, 1)}</td>
                  <td>${signed(logRatio)}</td>
                  ${stated && html`<td>${signed(told)}</td>`}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${
        stated &&
        html`<p class="small">
          Highlighted: the model came to say it although its stated feedback is negative.
        </p>`
      }`
  );
}
