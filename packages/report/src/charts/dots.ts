import type { Interval } from '../format.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { textWidth } from '../text.ts';
import { frame, px, xAxis } from './frame.ts';
import { rowLayout } from './rows.ts';
import { linearScale } from './scale.ts';

export interface DotRow {
  readonly label: string;
  /** `null` draws no mark; `note` should say why. */
  readonly value: number | null;
  readonly interval?: Interval | null;
  /** Small rings on the same line: what the dot is compared with. */
  readonly others?: readonly number[];
  /** `main` is dark, `control` a ring, `flag` in the accent colour. */
  readonly tone: 'main' | 'control' | 'flag';
  /** Text right of the marks. */
  readonly note: string;
  readonly title: string;
  /** Starts a new group, set off from the row above. */
  readonly group?: boolean;
}

export interface DotsOptions {
  readonly rows: readonly DotRow[];
  readonly xTitle: string;
  /** Numbers that the axis must cover in addition to the rows'. */
  readonly cover?: readonly number[];
  /** Draws a vertical line here. */
  readonly reference?: number | null;
  readonly width: number;
  readonly label: string;
}

/** One row per thing: a dot, its interval, its value in words. */
export function dots({ rows, xTitle, cover = [], reference, width, label }: DotsOptions): Markup {
  const noteWidth = Math.max(0, ...rows.map((row) => textWidth(row.note, 12)));
  const layout = rowLayout(
    width,
    rows.map((row) => row.label),
    noteWidth,
  );
  const scale = linearScale({
    values: [
      ...cover,
      ...(typeof reference === 'number' ? [reference] : []),
      ...rows.flatMap(({ value, interval, others = [] }) => [
        ...others,
        ...(value === null ? [] : [value]),
        ...(interval ? [interval.low, interval.high] : []),
      ]),
    ],
    range: [layout.plotLeft, layout.plotRight],
    ticks: (layout.plotRight - layout.plotLeft) / 60,
    padding: 0.03,
  });
  let y = 4;
  const tops = rows.map((row, i) => {
    if (row.group && i > 0) y += 9;
    const top = y;
    y += layout.rowHeight;
    return top;
  });
  const bottom = y + 2;
  return frame(
    { width, height: bottom + 38, label },
    xAxis({ scale, from: 2, to: bottom, title: xTitle }),
    typeof reference === 'number' &&
      html`<line
        class="zero"
        x1="${px(scale.at(reference))}"
        x2="${px(scale.at(reference))}"
        y1="2"
        y2="${px(bottom)}"
      />`,
    rows.map((row, i) => {
      const top = tops[i] ?? 0;
      const middle = px(top + layout.markMiddle);
      const baseline = px(top + layout.labelBaseline);
      return html`<g class="dot ${row.tone}"
        ><title>${row.title}</title
        ><rect
          class="hit"
          x="0"
          y="${px(top)}"
          width="${width}"
          height="${layout.rowHeight}"
        /><text
          class="row-label"
          x="${layout.stacked ? 0 : px(layout.plotLeft - 10)}"
          y="${baseline}"
          text-anchor="${layout.stacked ? 'start' : 'end'}"
          >${layout.label(row.label)}</text
        >${(row.others ?? []).map(
          (other) =>
            html`<circle class="other" cx="${px(scale.at(other))}" cy="${middle}" r="3.2" />`,
        )}${
          row.interval &&
          html`<line
            class="interval"
            x1="${px(scale.at(row.interval.low))}"
            x2="${px(scale.at(row.interval.high))}"
            y1="${middle}"
            y2="${middle}"
          />`
        }${
          row.value !== null &&
          html`<circle cx="${px(scale.at(row.value))}" cy="${middle}" r="4" />`
        }<text class="note" x="${width}" y="${baseline}" text-anchor="end">${row.note}</text></g
      >`;
    }),
  );
}
