import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { frame, px, xAxis, yAxis } from './frame.ts';
import { linearScale, logScale, withZero } from './scale.ts';

interface LineSeries {
  readonly points: readonly (readonly [number, number])[];
  /** Tuned is dark, base grey; large is dashed. */
  readonly className: string;
  readonly title: string;
}

export interface LineOptions {
  readonly series: readonly LineSeries[];
  readonly xTitle: string;
  readonly yTitle: string;
  readonly scale: 'linear' | 'log';
  readonly width: number;
  readonly height: number;
  readonly label: string;
}

/** A small panel of lines; the linear scale starts at zero. */
export function lineChart(options: LineOptions): Markup {
  const { series, width, height } = options;
  const area = { left: 44, top: 28, right: width - 12, bottom: height - 36 };
  const all = series.flatMap(({ points }) => points);
  const x = linearScale({
    values: all.map(([value]) => value),
    range: [area.left, area.right],
    ticks: 3,
  });
  const values = all.map(([, value]) => value);
  const range = [area.bottom, area.top] as const;
  const y =
    options.scale === 'log'
      ? logScale({ values, range, padding: 0.06 })
      : linearScale({ values: withZero(values), range, ticks: 3 });
  return frame(
    options,
    xAxis({ scale: x, from: area.top, to: area.bottom, title: options.xTitle }),
    yAxis({ scale: y, from: area.left, to: area.right, title: options.yTitle }),
    series.map(({ points, className, title }) => {
      const only = points.length === 1 ? points[0] : undefined;
      return html`<g class="line ${className}"
        ><title>${title}</title>${
          only
            ? html`<circle cx="${px(x.at(only[0]))}" cy="${px(y.at(only[1]))}" r="2.5" />`
            : html`<polyline
                points="${points.map(([a, b]) => `${px(x.at(a))},${px(y.at(b))}`).join(' ')}"
              />`
        }</g
      >`;
    }),
  );
}
