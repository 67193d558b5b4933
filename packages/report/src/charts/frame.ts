import { html } from '../html.ts';
import type { Child, Markup } from '../html.ts';
import type { Scale } from './scale.ts';

/** Width from which a chart keeps its labels beside the marks; below it, they are above them. */
export const wideEnough = 480;

/** Coordinates to a tenth of a pixel. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export interface FrameOptions {
  readonly width: number;
  readonly height: number;
  /** What the picture shows, for readers who do not see it. */
  readonly label: string;
}

/** The svg element around a chart. */
export function frame({ width, height, label }: FrameOptions, ...children: Child[]): Markup {
  return html`<svg
    class="chart"
    role="img"
    aria-label="${label}"
    viewBox="0 0 ${px(width)} ${px(height)}"
    width="${px(width)}"
    height="${px(height)}"
  >
    ${children}
  </svg>`;
}

export interface AxisOptions {
  readonly scale: Scale;
  /** Ends of the grid lines, across the axis. */
  readonly from: number;
  readonly to: number;
  readonly title?: string;
}

/** Vertical grid lines from top (`from`) to bottom (`to`), ticks below, the title at the right end under them. */
export function xAxis({ scale, from, to, title }: AxisOptions): Markup {
  const end = Math.max(...scale.range);
  return html`<g class="axis">
    ${scale.ticks.map((tick) => {
      const x = px(scale.at(tick));
      return html`<line class="grid" x1="${x}" x2="${x}" y1="${px(from)}" y2="${px(to)}" /><text
          x="${x}"
          y="${px(to + 15)}"
          text-anchor="middle"
          >${scale.format(tick)}</text
        >`;
    })}
    ${
      title !== undefined &&
      html`<text class="axis-title" x="${px(end)}" y="${px(to + 31)}" text-anchor="end"
        >${title} →</text
      >`
    }
  </g>`;
}

/** Horizontal grid lines from left (`from`) to right (`to`), ticks left of them, the title above. */
export function yAxis({ scale, from, to, title }: AxisOptions): Markup {
  const top = Math.min(...scale.range);
  return html`<g class="axis">
    ${scale.ticks.map((tick) => {
      const y = scale.at(tick);
      return html`<line
          class="grid"
          x1="${px(from)}"
          x2="${px(to)}"
          y1="${px(y)}"
          y2="${px(y)}"
        /><text x="${px(from - 6)}" y="${px(y + 3.5)}" text-anchor="end"
          >${scale.format(tick)}</text
        >`;
    })}
    ${
      title !== undefined &&
      html`<text class="axis-title" x="0" y="${px(top - 10)}">↑ ${title}</text>`
    }
  </g>`;
}

/** The same chart drawn for wide and for narrow screens; the style sheet shows one. */
export function responsive(
  draw: (width: number) => Markup,
  { wide, narrow = 360 }: { readonly wide: number; readonly narrow?: number },
): Markup {
  return html`<div class="on-wide">${draw(wide)}</div>
    <div class="on-narrow">${draw(narrow)}</div>`;
}
