import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { frame, px, yAxis } from './frame.ts';
import { linearScale, withZero } from './scale.ts';

interface Bar {
  readonly label: string;
  readonly value: number;
  /** Drawn dark; the others light. */
  readonly strong: boolean;
  readonly title: string;
}

export interface BarsOptions {
  readonly bars: readonly Bar[];
  readonly xTitle: string;
  readonly yTitle: string;
  readonly width: number;
  readonly height: number;
  readonly label: string;
  readonly format: (value: number) => string;
}

/** Vertical bars from zero, their values above them where there is room. */
export function bars(options: BarsOptions): Markup {
  const { width, height, bars: all, format } = options;
  const area = { left: 46, top: 34, right: width - 4, bottom: height - 38 };
  const y = linearScale({
    values: withZero(all.map((bar) => bar.value)),
    range: [area.bottom, area.top],
    ticks: 4,
  });
  const slot = (area.right - area.left) / Math.max(1, all.length);
  const thick = Math.min(48, slot * 0.72);
  const every = Math.max(1, Math.ceil(26 / slot));
  return frame(
    options,
    yAxis({ scale: y, from: area.left, to: area.right, title: options.yTitle }),
    all.map((bar, i) => {
      const middle = area.left + (i + 0.5) * slot;
      const top = Math.min(y.at(bar.value), y.at(0));
      return html`<g class="bar${bar.strong ? ' strong' : ''}"
        ><title>${bar.title}</title
        ><rect
          x="${px(middle - thick / 2)}"
          y="${px(top)}"
          width="${px(thick)}"
          height="${px(Math.max(0.5, Math.abs(y.at(bar.value) - y.at(0))))}"
        />${
          slot > 36 &&
          html`<text class="note" x="${px(middle)}" y="${px(top - 4)}" text-anchor="middle"
            >${format(bar.value)}</text
          >`
        }${
          i % every === 0 &&
          html`<text class="tick" x="${px(middle)}" y="${px(area.bottom + 15)}" text-anchor="middle"
            >${bar.label}</text
          >`
        }</g
      >`;
    }),
    html`<text
      class="axis-title"
      x="${px(area.right)}"
      y="${px(area.bottom + 31)}"
      text-anchor="end"
      >${options.xTitle} →</text
    >`,
  );
}
