import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { px } from './frame.ts';

const height = 32;
const bar = 8;

export interface HistogramOptions {
  /** Of equal steps from 0. */
  readonly counts: readonly number[];
  /** Where the last step ends, as text. */
  readonly most: string;
  /** What the picture shows, for readers who do not see it. */
  readonly label: string;
}

/** A small histogram from 0; each bar as high as the logarithm of one more than its count, since few places are strong. */
export function histogram({ counts, most, label }: HistogramOptions): Markup {
  const sizes = counts.map((n) => Math.log1p(n));
  const top = Math.max(1, ...sizes);
  const width = counts.length * bar;
  return html`<svg
    class="mini histogram"
    role="img"
    aria-label="${label}"
    viewBox="0 0 ${width} ${height + 12}"
    width="${width}"
    height="${height + 12}"
  >
    ${sizes.map((size, i) => {
      const tall = (height * size) / top;
      return html`<g>
        <title>${String(counts[i])}</title>
        <rect
          class="value"
          x="${i * bar}"
          y="${px(height - tall)}"
          width="${bar - 1}"
          height="${px(tall)}"
        />
      </g>`;
    })}
    <line class="zero" x1="0" x2="${width}" y1="${height}" y2="${height}" />
    <text x="0" y="${height + 11}">0</text>
    <text x="${width}" y="${height + 11}" text-anchor="end">${most}</text>
  </svg>`;
}
