import { html } from './html.ts';
import type { Markup } from './html.ts';

/** Steps of a heat scale on each side of zero. */
export const heatSteps = 5;

/** The magnitude that gets the strongest colour: the 98th percentile, so that one extreme does not fade the rest. */
export function heatLimit(values: readonly number[]): number {
  const sizes = values
    .filter(Number.isFinite)
    .map(Math.abs)
    .sort((a, b) => a - b);
  return sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * 0.98))] ?? 0;
}

/** Class of a number's colour: `p1` to `p5`, `n1` to `n5`, or none near zero. */
export function heatClass(value: number | undefined, limit: number, positive = 'p'): string {
  if (value === undefined || !Number.isFinite(value) || limit <= 0) return '';
  const step = Math.min(heatSteps, Math.round((Math.abs(value) / limit) * heatSteps));
  return step === 0 ? '' : `${value < 0 ? 'n' : positive}${step}`;
}

export interface TokenOptions {
  readonly text: string;
  readonly classes?: readonly string[];
  readonly title?: string;
}

/** One token of a text; line ends are shown and kept, leading spaces stay uncoloured. */
export function token({ text, classes = [], title }: TokenOptions): Markup {
  const space = /^ +(?=\S)/.exec(text)?.[0] ?? '';
  const shown = text.slice(space.length).replaceAll('\n', '↵\n');
  const all = ['tok', ...classes].filter((name) => name !== '').join(' ');
  return title === undefined
    ? html`${space}<span class="${all}">${shown}</span>`
    : html`${space}<span class="${all}" title="${title}">${shown}</span>`;
}

/** The colours of a scale in a row, from its low to its high end. */
export function ramp(classes: readonly string[]): Markup {
  return html`<span class="ramp" aria-hidden="true"
    >${classes.map((name) => html`<i class="${name}"></i>`)}</span
  >`;
}
