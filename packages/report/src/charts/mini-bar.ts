import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { px } from './frame.ts';

const width = 96;
const height = 12;

/** A bar from the middle, left for negative and right for positive, full at `limit`; no words, its value stands beside it. */
export function miniBar(value: number, limit: number): Markup {
  const half = width / 2;
  const length = limit > 0 ? Math.min(1, Math.abs(value) / limit) * (half - 1) : 0;
  return html`<svg
    class="mini"
    aria-hidden="true"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
  >
    <rect class="track" x="0" y="5" width="${width}" height="2" />
    <rect
      class="value"
      x="${px(value < 0 ? half - length : half)}"
      y="1"
      width="${px(length)}"
      height="10"
    />
    <line class="zero" x1="${half}" x2="${half}" y1="0" y2="${height}" />
  </svg>`;
}
