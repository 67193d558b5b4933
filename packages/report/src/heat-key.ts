import { fixed, signed } from './format.ts';
import { heatSteps, ramp } from './heat.ts';
import { html } from './html.ts';
import type { Markup } from './html.ts';

/** What the colours of log-ratios mean, as an entry of a key. */
export function heatKey(limit: number): Markup {
  const steps = Array.from({ length: heatSteps }, (_, i) => i + 1);
  const classes = [
    ...steps.toReversed().map((step) => `n${step}`),
    'zero',
    ...steps.map((step) => `p${step}`),
  ];
  return html`<li>
    ${fixed(-limit)} ${ramp(classes)} ${signed(limit)} nats (log-ratio); colours saturate beyond
  </li>`;
}
