import { dots } from '../../charts/dots.ts';
import type { DotRow } from '../../charts/dots.ts';
import { responsive } from '../../charts/frame.ts';
import { bracketed, percent } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import type { CausesReport } from './schema.ts';

type Way = 'necessity' | 'sufficiency';

/** How much of the effect passes each layer, in all and along one direction; at the chosen layer, beside random directions. */
export function layersFigure({ layers, chosen, controls }: CausesReport): Markup {
  const draw = (way: Way, title: string, axis: string): Markup => {
    const rows = layers.flatMap(({ layer, whole, direction }): DotRow[] => [
      {
        label: `layer ${layer}, all`,
        value: 100 * whole[way].value,
        tone: 'control',
        note: percent(whole[way].value, 0),
        title: `all activations after layer ${layer}\n${percent(whole[way].value)}`,
        group: true,
      },
      {
        label: 'one direction',
        value: 100 * direction[way].value,
        interval: inPercent(direction[way].interval),
        others:
          layer === chosen?.layer
            ? controls.flatMap((each) => [100 * each[way].median, 100 * each[way].high])
            : [],
        tone: layer === chosen?.layer ? 'flag' : 'main',
        note: percent(direction[way].value, 0),
        title: `one direction after layer ${layer}\n${percent(direction[way].value)} ${bracketed(inPercent(direction[way].interval), 0)}`,
      },
    ]);
    return html`<figure>
      <h3>${title}</h3>
      ${responsive(
        (width) =>
          dots({
            rows,
            xTitle: axis,
            cover: [0, 100],
            reference: 0,
            width,
            label: `${title}, by layer.`,
          }),
        { wide: 530 },
      )}
    </figure>`;
  };
  return html`<div class="split even">
      ${draw('necessity', 'Taken out of the tuned model', 'Share of the effect lost (%)')}
      ${draw('sufficiency', 'Put into the base', 'Share of the effect gained (%)')}
    </div>
    <p class="small">
      Rings at “all”: every activation after that layer exchanged with the other model’s. Dots: only
      the component along one direction, found on other texts, with 95 % intervals. Rings beside the
      accented dot: median and 99th percentile of random directions, and of random mixtures of the
      differences between the models, with edits as large. Shares are of what all activations after
      the last block do; more than ${percent(1, 0)} means that other parts of the change work
      against it.
    </p>`;
}

const inPercent = (interval: { readonly low: number; readonly high: number } | null) =>
  interval && { low: 100 * interval.low, high: 100 * interval.high };
