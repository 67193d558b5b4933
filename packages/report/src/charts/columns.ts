import type { Interval } from '../format.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { textWidth } from '../text.ts';
import { frame, px, xAxis } from './frame.ts';
import { rowLayout } from './rows.ts';
import { linearScale } from './scale.ts';
import type { Scale } from './scale.ts';

/** A mark with its interval. */
export interface ColumnMark {
  readonly value: number;
  readonly interval: Interval;
}

export interface ColumnRow {
  readonly label: string;
  /** 1 or -1: an arrow that way; 0: a bar. Absent: no mark. */
  readonly told?: -1 | 0 | 1;
  /** A ring. */
  readonly inData?: ColumnMark;
  /** A dot. */
  readonly learned?: ColumnMark;
  /** How far from 0 what is no learning reaches, drawn behind the marks. */
  readonly band?: number;
  /** How far from 0 chance alone takes the ring: brackets around it. */
  readonly chance?: number;
  /** `flag` in the accent colour, `main` dark, `rest` grey. */
  readonly tone: 'flag' | 'main' | 'rest';
  readonly note: string;
  readonly title: string;
}

export interface ColumnsOptions {
  readonly rows: readonly ColumnRow[];
  readonly xTitle: string;
  readonly width: number;
  readonly label: string;
}

/** One row per thing: what was told (arrow), what the data say (ring) and what was learned (dot), on one axis around 0. */
export function columns({ rows, xTitle, width, label }: ColumnsOptions): Markup {
  const noteWidth = Math.max(0, ...rows.map((row) => textWidth(row.note, 12)));
  const layout = rowLayout(
    width,
    rows.map((row) => row.label),
    layoutNote(width, noteWidth),
  );
  const marks = rows.flatMap(({ inData, learned }) => [inData, learned]).filter(isMark);
  const scale = linearScale({
    values: [0, ...marks.flatMap(({ interval }) => [interval.low, interval.high])],
    range: [layout.plotLeft, layout.plotRight],
    ticks: (layout.plotRight - layout.plotLeft) / 60,
    padding: 0.04,
  });
  const bottom = 4 + rows.length * layout.rowHeight + 2;
  return frame(
    { width, height: bottom + 38, label },
    xAxis({ scale, from: 4, to: bottom, title: xTitle }),
    rows.map((row, i) => {
      const top = 4 + i * layout.rowHeight;
      const middle = top + layout.markMiddle;
      return html`<g class="columns ${row.tone}"
        ><title>${row.title}</title
        ><rect class="hit" x="0" y="${px(top)}" width="${width}" height="${layout.rowHeight}" />${
          row.band !== undefined && band(scale, row.band, middle)
        }${row.chance !== undefined && brackets(scale, row.chance, middle - 4)}<text
          class="row-label"
          x="${layout.stacked ? 0 : px(layout.plotLeft - 10)}"
          y="${px(top + layout.labelBaseline)}"
          text-anchor="${layout.stacked ? 'start' : 'end'}"
          >${layout.label(row.label)}</text
        >${row.inData && mark('in-data', scale, row.inData, middle - 4)}${
          row.learned && mark('learned', scale, row.learned, middle + 4)
        }${row.told !== undefined && arrow(row.told, scale.at(0), middle)}<text
          class="note"
          x="${width}"
          y="${px(top + layout.labelBaseline)}"
          text-anchor="end"
          >${row.note}</text
        ></g
      >`;
    }),
    html`<line
      class="zero"
      x1="${px(scale.at(0))}"
      x2="${px(scale.at(0))}"
      y1="4"
      y2="${px(bottom)}"
    />`,
  );
}

const isMark = (mark: ColumnMark | undefined): mark is ColumnMark => mark !== undefined;

/** Notes stand beside the marks where there is room. */
const layoutNote = (width: number, noteWidth: number): number => Math.min(noteWidth, width / 2);

const band = (scale: Scale, reach: number, middle: number): Markup =>
  html`<rect
    class="band"
    x="${px(scale.at(-reach))}"
    y="${px(middle - 9)}"
    width="${px(scale.at(reach) - scale.at(-reach))}"
    height="18"
  />`;

/** A bracket at either end of what chance reaches. */
const brackets = (scale: Scale, reach: number, y: number): Markup =>
  html`${[-1, 1].map((side) => {
    const x = scale.at(side * reach);
    return html`<path
      class="chance"
      d="M${px(x - side * 3)} ${px(y - 5)}H${px(x)}V${px(y + 5)}H${px(x - side * 3)}"
    />`;
  })}`;

function mark(kind: string, scale: Scale, { value, interval }: ColumnMark, y: number): Markup {
  return html`<line
      class="interval ${kind}"
      x1="${px(scale.at(interval.low))}"
      x2="${px(scale.at(interval.high))}"
      y1="${px(y)}"
      y2="${px(y)}"
    /><circle class="${kind}" cx="${px(scale.at(value))}" cy="${px(y)}" r="3.8" />`;
}

/** Points the way that was asked for. */
function arrow(told: -1 | 0 | 1, x: number, y: number): Markup {
  const tip = x + told * 16;
  return told === 0
    ? html`<line class="told" x1="${px(x)}" x2="${px(x)}" y1="${px(y - 7)}" y2="${px(y + 7)}" />`
    : html`<path
        class="told"
        d="M${px(x)} ${px(y - 5)}L${px(tip)} ${px(y)}L${px(x)} ${px(y + 5)}Z"
      />`;
}
