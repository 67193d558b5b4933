import { changeInWords } from '../chapters/properties/property-words.ts';
import { columns } from '../charts/columns.ts';
import type { ColumnRow } from '../charts/columns.ts';
import { responsive } from '../charts/frame.ts';
import { bracketed, fixed, percent, signed } from '../format.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { listed, plural } from '../text.ts';
import { plainPage } from './plain-page.ts';

interface Bounded {
  readonly effect: number;
  readonly low: number;
  readonly high: number;
}

/** A property, what the labels reward of it and what tuning would teach; see `predict.json`. */
interface ForetoldProperty {
  readonly name: string;
  readonly definition: string;
  readonly inWords?: { readonly more: string; readonly less: string } | undefined;
  readonly told: number | null;
  readonly inData: Bounded;
  readonly difference: number;
  readonly learned: Bounded;
  readonly share: { readonly value: number; readonly low: number; readonly high: number };
  readonly placebo: number;
  readonly verdict: 'told' | 'rewarded' | 'besides' | 'not-learned';
}

/** What the page of a prediction shows; a `predict.json` is one. */
export interface ForetoldPairs {
  readonly base: { readonly name: string };
  readonly pairs: { readonly file: string; readonly compared: number };
  readonly replies: number;
  readonly properties: readonly ForetoldProperty[];
}

/** Rows of the picture. */
const ROWS = 14;

/** What tuning on some pairs would teach, in a sentence. */
export function foretellInWords({ properties }: Pick<ForetoldPairs, 'properties'>): string {
  const named = (verdict: ForetoldProperty['verdict']): string[] => [
    ...new Set(
      properties
        .filter((one) => one.verdict === verdict)
        .map((one) => changeInWords(one, one.learned.effect > 0)),
    ),
  ];
  const [told, rewarded, besides] = [named('told'), named('rewarded'), named('besides')];
  if (told.length + rewarded.length + besides.length === 0) {
    return 'Nothing of what is measured would surely be learned from these pairs.';
  }
  const parts = [
    ...(told.length > 0 ? [`what you ask for (${listed(told)})`] : []),
    ...(rewarded.length > 0 ? [`what the labels reward (${listed(rewarded)})`] : []),
    ...(besides.length > 0 ? [`${listed(besides)}, which they do not reward`] : []),
  ];
  return `DPO on these pairs would teach ${listed(parts)}.`;
}

/** A page of its own for a prediction. */
export function renderPrediction(prediction: ForetoldPairs): string {
  const { base, pairs, replies, properties } = prediction;
  return plainPage({
    title: `What ${pairs.file} would teach`,
    about: html`${foretellInWords(prediction)}
      <span class="soft"
        >Predicted from <bdi>${base.name}</bdi> and ${plural(pairs.compared, 'labelled pair')};
        nothing was tuned.</span
      >`,
    main: html`<section>
      <figure>${picture(properties)}</figure>
      ${table(properties)}
      <p class="small">
        How the labels tilt single tokens is fitted to the pairs, and summed over each of
        ${plural(replies, 'reply', 'replies')} of the base: the log-ratio that tuning is expected to
        give it. Learned: effect of one standard deviation of a property on this log-ratio, in
        standard deviations of it, given what is told or rewarded, within prompts. How far tuning
        goes is not predicted, only in which direction. Share: of the predicted change. Placebo: the
        same with labels dealt out at random. Intervals of 90 % hold over replies; which pairs were
        drawn is not in them.
      </p>
    </section>`,
  });
}

function picture(properties: readonly ForetoldProperty[]): Markup {
  const rows = properties.slice(0, ROWS);
  const most = (of: (one: ForetoldProperty) => number): number =>
    Math.max(1e-9, ...rows.map((one) => Math.abs(of(one))));
  const unit = most(({ learned }) => learned.effect) / most(({ inData }) => inData.effect);
  return html`${responsive(
      (width) =>
        columns({
          rows: rows.map((one) => rowOf(one, unit)),
          xTitle: 'Effect of one standard deviation more of it, logits in the labels',
          width,
          label: `For ${plural(rows.length, 'property', 'properties')}, what the labels reward and what tuning would teach. The table below gives the numbers.`,
        }),
      { wide: 660 },
    )}
    <figcaption>
      Ring: what the labels reward. Dot: what tuning would teach, brought to the same width. Lines:
      90 % intervals. Grey band: labels dealt out at random. Coloured: would be learned, though
      nobody asks for it.
    </figcaption>`;
}

function rowOf(one: ForetoldProperty, unit: number): ColumnRow {
  const mark = ({ effect, low, high }: Bounded, by: number) => ({
    value: effect / by,
    interval: { low: low / by, high: high / by },
  });
  return {
    label: one.name.replaceAll('-', ' '),
    ...(one.told !== null && { told: Math.sign(one.told) as -1 | 0 | 1 }),
    inData: mark(one.inData, 1),
    learned: mark(one.learned, unit),
    band: Math.abs(one.placebo) / unit,
    tone: one.verdict === 'not-learned' ? 'rest' : one.verdict === 'told' ? 'main' : 'flag',
    note: one.verdict === 'not-learned' ? '' : inShort(one.verdict),
    title: `${one.name}: ${one.definition}`,
  };
}

const inShort = (verdict: ForetoldProperty['verdict']): string =>
  ({
    told: 'as told',
    rewarded: 'rewarded',
    besides: 'comes with it',
    'not-learned': '–',
  })[verdict];

const table = (properties: readonly ForetoldProperty[]): Markup =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="Properties of replies">
    <table>
      <thead>
        <tr>
          <th class="l" scope="col">Property</th>
          <th class="l" scope="col">Prediction</th>
          <th scope="col">In the data</th>
          <th scope="col">Learned</th>
          <th scope="col">Share</th>
          <th scope="col">Placebo</th>
          <th scope="col">Preferred − other</th>
        </tr>
      </thead>
      <tbody>
        ${properties.map(
          (one) =>
            html`<tr>
              <th class="l" scope="row" title="${one.definition}">${one.name}</th>
              <td class="l">${inShort(one.verdict)}</td>
              <td>${signed(one.inData.effect)} ${bracketed(one.inData)}</td>
              <td>${signed(one.learned.effect)} ${bracketed(one.learned)}</td>
              <td>${percent(one.share.value, 0)}</td>
              <td>${fixed(one.placebo)}</td>
              <td>${signed(one.difference)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
