import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { shorten, textWidth } from '../text.ts';
import { frame, px, xAxis, yAxis } from './frame.ts';
import { placeLabels } from './place-labels.ts';
import { linearScale } from './scale.ts';

export interface ScatterPoint {
  readonly x: number;
  readonly y: number;
  /** Ends of the vertical interval. */
  readonly low?: number;
  readonly high?: number;
  /** Drawn in the accent colour and named. */
  readonly flagged?: boolean;
  /** Named, but not in the accent colour. */
  readonly named?: boolean;
  /** Drawn as a ring. */
  readonly hollow?: boolean;
  readonly name: string;
  readonly title: string;
}

export interface ScatterOptions {
  readonly points: readonly ScatterPoint[];
  /** Points of a line, by x. */
  readonly line?: readonly (readonly [number, number])[];
  /** The height that means neither; drawn and named in the place of the line at 0. */
  readonly neutral?: { readonly at: number; readonly name: string };
  readonly xTitle: string;
  readonly yTitle: string;
  readonly width: number;
  readonly height: number;
  readonly label: string;
  /** Most names written out. Default 24. */
  readonly names?: number;
}

const fontSize = 12;

/** Points with vertical intervals over a fitted line; flagged points on top, named. Intervals are cut at the frame. */
export function scatter(options: ScatterOptions): Markup {
  const { points, line = [], neutral, width, height, names = 24 } = options;
  const area = { left: 46, top: 28, right: width - 8, bottom: height - 38 };
  const flagged = points.filter((point) => point.flagged);
  const x = linearScale({
    values: points.map((point) => point.x),
    range: [area.left, area.right],
    ticks: width / 90,
    padding: 0.05,
  });
  const y = linearScale({
    values: [
      ...points.map((point) => point.y),
      ...line.map(([, value]) => value),
      ...(neutral ? [neutral.at] : []),
      ...flagged.flatMap((point) => [point.low ?? point.y, point.high ?? point.y]),
    ],
    range: [area.bottom, area.top],
    padding: 0.05,
  });
  const draw = (point: ScatterPoint): Markup => {
    const cx = px(x.at(point.x));
    const kind = `${point.flagged ? ' flag' : ''}${point.hollow ? ' hollow' : ''}`;
    return html`<g class="point${kind}"
      ><title>${point.title}</title>${
        point.low !== undefined &&
        point.high !== undefined &&
        html`<line
          class="interval"
          x1="${cx}"
          x2="${cx}"
          y1="${px(y.at(point.low))}"
          y2="${px(y.at(point.high))}"
        />`
      }<circle cx="${cx}" cy="${px(y.at(point.y))}" r="${point.flagged ? 4.2 : 2.8}"
    /></g>`;
  };
  return frame(
    options,
    xAxis({ scale: x, from: area.top, to: area.bottom, title: options.xTitle }),
    yAxis({ scale: y, from: area.left, to: area.right, title: options.yTitle }),
    zeroLines(
      x.domain,
      y.domain,
      (value) => x.at(value),
      (value) => y.at(value),
      area,
      neutral?.at,
    ),
    points.filter((point) => !point.flagged).map(draw),
    line.length > 1 &&
      html`<polyline
        class="fit"
        points="${line.map(([a, b]) => `${px(x.at(a))},${px(y.at(b))}`).join(' ')}"
      />`,
    neutral &&
      html`<text
        class="neutral"
        x="${px(area.right)}"
        y="${px(y.at(neutral.at) - 4)}"
        text-anchor="end"
        >${neutral.name}</text
      >`,
    flagged.map(draw),
    labels(
      points.filter((point) => point.flagged || point.named).slice(0, names),
      points,
      area,
      (value) => x.at(value),
      (value) => y.at(value),
    ),
  );
}

interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}
type Place = (value: number) => number;
type Domain = readonly [number, number];

function zeroLines(xs: Domain, ys: Domain, x: Place, y: Place, area: Area, level = 0): Markup {
  const inside = ([low, high]: Domain, value: number): boolean => low < value && high > value;
  return html`${
    inside(ys, level) &&
    html`<line
      class="zero"
      x1="${area.left}"
      x2="${area.right}"
      y1="${px(y(level))}"
      y2="${px(y(level))}"
    />`
  }${
    inside(xs, 0) &&
    html`<line
      class="zero"
      y1="${area.top}"
      y2="${area.bottom}"
      x1="${px(x(0))}"
      x2="${px(x(0))}"
    />`
  }`;
}

function labels(
  named: readonly ScatterPoint[],
  all: readonly ScatterPoint[],
  area: Area,
  x: Place,
  y: Place,
): Markup {
  const texts = named.map((point) => shorten(point.name, 20));
  const places = placeLabels(
    named.map((point, i) => ({
      x: x(point.x),
      y: y(point.y),
      width: textWidth(texts[i] ?? '', fontSize) + 2,
      height: fontSize + 2,
    })),
    area,
    all.map((point) => ({ x: x(point.x), y: y(point.y) })),
  );
  return html`${named.map((point, i) => {
    const place = places[i];
    const text = texts[i] ?? '';
    if (!place) return null;
    const half = textWidth(text, fontSize) / 2;
    const middle = place.left + half;
    const from = x(point.x);
    const edge =
      Math.abs(middle - from) < half ? from : middle < from ? middle + half : middle - half;
    return html`${
        place.distant &&
        html`<line
          class="leader"
          x1="${px(from)}"
          y1="${px(y(point.y))}"
          x2="${px(edge)}"
          y2="${px(place.top + fontSize / 2 + 1)}"
        />`
      }<text
        class="name${point.flagged ? ' flag' : ''}"
        x="${px(place.left)}"
        y="${px(place.top + fontSize - 1)}"
        >${text}</text
      >`;
  })}`;
}
