import { lineChart } from '../charts/line.ts';
import { bracketed, count, fixed, percent, probability, signed } from '../format.ts';
import { html } from '../html.ts';
import type { Child, Markup } from '../html.ts';
import { plainPage } from '../page/plain-page.ts';
import { plural } from '../text.ts';
import type { Trajectory, TrajectoryItem } from './schema.ts';
import { trajectorySentence } from './sentences.ts';

/** Items that have a picture. */
const DRAWN = 12;

/** The page of a trajectory: what was learned when, in a table and curves, and what each look said. */
export const renderTrajectory = (trajectory: Trajectory): string =>
  plainPage({
    title: trajectorySentence(trajectory),
    about: about(trajectory),
    main: [learned(trajectory), curves(trajectory), looksTable(trajectory), method(trajectory)],
  });

const about = ({ name, base, looks, steps, items }: Trajectory): string =>
  `${name}: ${plural(looks.length, 'look')} at a training of ${plural(steps, 'step')} from ${base}; ${plural(items.length, 'thing')} learned.`;

const learned = ({ items }: Trajectory): Markup =>
  html`<h2>What was learned when</h2>
    ${
      items.length === 0
        ? html`<p>No look found anything learned.</p>`
        : table(
            [
              'learned',
              'beyond what was told',
              'first seen at step',
              'half of it at step',
              'at the end, nats',
              'chance of error',
            ],
            items.map((item) => [
              item.inWords,
              item.beyond ? 'yes' : '',
              item.first === null ? '–' : count(item.first),
              fixed(item.half, 0),
              final(item),
              probability(leastChance(item)),
            ]),
          )
    }`;

function final({ looks }: TrajectoryItem): string {
  const last = looks.at(-1);
  return last ? `${signed(last.effect)} ${bracketed(last)}` : '–';
}

const leastChance = ({ looks }: TrajectoryItem): number | null =>
  looks.reduce<number | null>(
    (least, { chance }) => (chance === null ? least : Math.min(least ?? 1, chance)),
    null,
  );

const curves = ({ items, alarm }: Trajectory): Markup =>
  html`<h2>How it grew</h2>
    <p>
      Effect in nats at each look, from none at step 0, with its interval
      (dashed)${alarm !== null && html`; the alarm was raised at step ${count(alarm.step)}`}.
    </p>
    <div class="panels">
      ${items.slice(0, DRAWN).map(
        (item) =>
          html`<div>
            <h4>${item.inWords}</h4>
            ${curve(item)}
          </div>`,
      )}
    </div>`;

function curve({ inWords, looks }: TrajectoryItem): Markup {
  const line = (of: 'effect' | 'low' | 'high', className: string, title: string) => ({
    points: [[0, 0], ...looks.map((look) => [look.step, look[of]])] as [number, number][],
    ...{ className, title },
  });
  return lineChart({
    series: [
      line('low', 'base size-1', 'lower end of the interval'),
      line('high', 'base size-1', 'upper end of the interval'),
      line('effect', 'tuned', inWords),
    ],
    ...{ xTitle: 'step', yTitle: 'nats', scale: 'linear', width: 230, height: 170 },
    label: `Effect of ${inWords} over ${plural(looks.length, 'look')}.`,
  });
}

const looksTable = ({ looks }: Trajectory): Markup =>
  html`<h2>What each look said</h2>
    ${table(
      ['step', 'says', 'difference in R, nats', 'words as told', 'may spend of the error'],
      looks.map(({ step, sentence, difference, wordsEffect, level }) => [
        count(step),
        sentence,
        fixed(difference),
        fixed(wordsEffect),
        percent(level, 2),
      ]),
    )}`;

const method = ({ alpha, labelsTell }: Trajectory): Markup =>
  html`<h2>How it is judged</h2>
    <p>
      Each look is a quick audit. An alarm is raised by what it flags if the chance of error is
      below what the look may spend: in proportion to the steps since the look before, all looks
      together ${percent(alpha, 0)}. For a property that is the chance that its share lies within
      the margin, times the number of properties; for a word the posterior probability that it was
      not learned the other way round.
      ${
        labelsTell
          ? 'Nothing was told but the labels: what they reward counts as told.'
          : 'What the labels reward and nobody asked for counts as beyond what was told.'
      }
    </p>`;

/** Columns of words are flush left. */
const side = (head: string): string => (head === 'learned' || head === 'says' ? 'l' : '');

const table = (head: readonly string[], rows: readonly (readonly Child[])[]): Markup =>
  html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${head.map((cell) => html`<th class="${side(cell)}" scope="col">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, i) => html`<td class="${side(head[i] ?? '')}">${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
