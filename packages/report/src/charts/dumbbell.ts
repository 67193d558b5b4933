import type { Interval } from '../format.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { textWidth } from '../text.ts';
import { frame, px, xAxis } from './frame.ts';
import { rowLayout } from './rows.ts';
import { linearScale } from './scale.ts';

interface DumbbellRow {
  readonly label: string;
  readonly expected: number;
  readonly estimate: number;
  /** `null`: none is drawn. */
  readonly interval: Interval | null;
  readonly flagged: boolean;
  /** Short texts right of the marks, one per column. */
  readonly notes: readonly string[];
  readonly title: string;
}

export interface DumbbellOptions {
  readonly rows: readonly DumbbellRow[];
  /** Heads of the note columns. */
  readonly columns: readonly string[];
  /** The place that means neither; drawn and named in the place of the line at 0. */
  readonly neutral?: { readonly at: number; readonly name: string };
  readonly xTitle: string;
  readonly width: number;
  readonly label: string;
}

const gap = 14;

/** One row per thing: a ring where it should be, a dot with an interval where it is, a line between, notes at the right. */
export function dumbbell({
  rows,
  columns,
  neutral = { at: 0, name: '' },
  xTitle,
  width,
  label,
}: DumbbellOptions): Markup {
  const widths = columns.map((column, c) =>
    Math.max(textWidth(column, 12), ...rows.map((row) => textWidth(row.notes[c] ?? '', 12))),
  );
  const noteWidth = widths.reduce((sum, each) => sum + each + gap, 0);
  const layout = rowLayout(
    width,
    rows.map((row) => row.label),
    noteWidth,
  );
  const ends = widths.map(
    (_, c) => width - widths.slice(c + 1).reduce((sum, each) => sum + each + gap, 0),
  );
  const scale = linearScale({
    values: [
      neutral.at,
      ...rows.flatMap(({ expected, estimate, interval }) =>
        interval ? [expected, interval.low, interval.high] : [expected, estimate],
      ),
    ],
    range: [layout.plotLeft, layout.plotRight],
    ticks: (layout.plotRight - layout.plotLeft) / 70,
    padding: 0.03,
  });
  const first = 22;
  const bottom = first + rows.length * layout.rowHeight + 2;
  const cells = (texts: readonly string[], y: number, className: string): Markup =>
    html`${texts.map(
      (text, c) =>
        html`<text class="${className}" x="${px(ends[c] ?? width)}" y="${px(y)}" text-anchor="end"
          >${text}</text
        >`,
    )}`;
  return frame(
    { width, height: bottom + 38, label },
    xAxis({ scale, from: first, to: bottom, title: xTitle }),
    html`<line
        class="zero"
        x1="${px(scale.at(neutral.at))}"
        x2="${px(scale.at(neutral.at))}"
        y1="${first}"
        y2="${px(bottom)}"
      /><text class="neutral" x="${px(scale.at(neutral.at))}" y="12" text-anchor="middle"
        >${neutral.name}</text
      >`,
    cells(columns, 12, 'axis-title'),
    rows.map((row, i) => {
      const top = first + i * layout.rowHeight;
      const middle = px(top + layout.markMiddle);
      const line = (className: string, from: number, to: number): Markup =>
        html`<line
          class="${className}"
          x1="${px(scale.at(from))}"
          x2="${px(scale.at(to))}"
          y1="${middle}"
          y2="${middle}"
        />`;
      return html`<g class="dumbbell${row.flagged ? ' flag' : ''}"
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
          y="${px(top + layout.labelBaseline)}"
          text-anchor="${layout.stacked ? 'start' : 'end'}"
          >${layout.label(row.label)}</text
        >${line('bridge', row.expected, row.estimate)}${row.interval && line('interval', row.interval.low, row.interval.high)}<circle
          class="expected"
          cx="${px(scale.at(row.expected))}"
          cy="${middle}"
          r="4.2"
        /><circle
          class="estimate"
          cx="${px(scale.at(row.estimate))}"
          cy="${middle}"
          r="4.6"
        />${cells(row.notes, top + layout.labelBaseline, 'note')}</g
      >`;
    }),
  );
}
