import { bars } from '../../charts/bars.ts';
import { responsive } from '../../charts/frame.ts';
import { count, fixed, signed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { plural } from '../../text.ts';
import type { PreferencesReport } from './schema.ts';

/** How strongly the tuned model prefers the chosen reply, over the pairs of each split. */
export function marginPictures({ margins }: PreferencesReport): Markup {
  const shown = margins.length > 1 ? margins.slice(1) : margins;
  return html`${shown.map(
      ({ split, from, width: bin, counts }) =>
        html`${shown.length > 1 && html`<h4><bdi>${split}</bdi></h4>`}
        ${responsive(
          (width) =>
            bars({
              bars: counts.map((pairs, i) => {
                const middle = from + (i + 0.5) * bin;
                return {
                  label: fixed(middle, bin < 0.2 ? 1 : 0),
                  value: pairs,
                  strong: middle > 0,
                  title: `margin ${signed(from + i * bin)} to ${signed(from + (i + 1) * bin)}\n${plural(pairs, 'pair')}`,
                };
              }),
              xTitle: 'Implicit margin, nats',
              yTitle: 'Pairs',
              width,
              height: 190,
              label: `Histogram of implicit margins${shown.length > 1 ? ` of ${split} pairs` : ''}; dark bars prefer the chosen reply.`,
              format: count,
            }),
          { wide: 470 },
        )}`,
    )}
    <figcaption>
      Dark: the tuned model prefers the reply that the label prefers. Light: it prefers the other
      one. The outermost bars include all pairs beyond them.
    </figcaption>`;
}
