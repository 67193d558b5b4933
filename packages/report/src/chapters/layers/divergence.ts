import { bars } from '../../charts/bars.ts';
import { responsive } from '../../charts/frame.ts';
import { fixed, percent, significant } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { listed, plural } from '../../text.ts';
import { empty, section } from '../../section.ts';
import { componentTable } from './components.ts';
import { movedFurthest } from './moved-furthest.ts';
import type { Report } from './schema.ts';

/** How far tuning moved each layer, and which layers the audit went on with. */
export function divergenceSection(report: Report): Markup {
  const { divergence } = report;
  const top = movedFurthest(divergence);
  const kept = divergence.filter((layer) => layer.kept).map((layer) => String(layer.layer));
  const draw = (measure: 'l2' | 'relativeL2', title: string, factor: number): Markup =>
    responsive(
      (width) =>
        bars({
          bars: divergence.map((layer) => ({
            label: String(layer.layer),
            value: layer[measure] * factor,
            strong: layer.kept,
            title: `layer ${layer.layer}${layer.kept ? ', kept' : ''}\nrelative L2 ${percent(layer.relativeL2, 3)}\nL2 ${significant(layer.l2)}`,
          })),
          xTitle: 'Layer',
          yTitle: title,
          width,
          height: 240,
          label: `${title} by layer; dark bars are the layers kept.`,
          format: (value) => (factor === 1 ? significant(value) : fixed(value)),
        }),
      { wide: 530 },
    );
  return section(
    {
      id: 'layers',
      title: 'Which layers did tuning change?',
      ...(top && { brief: `layer ${top.layer} furthest` }),
    },
    divergence.length === 0
      ? empty('No layers were compared.')
      : html`<p>
            Distance between the tuned and the base model’s weights, block by block
            (${plural(divergence.length, 'layer')}).
            ${
              kept.length === 0
                ? 'No layer was kept.'
                : `Dark: the layers whose activations were studied further (${listed(kept)}).`
            }
          </p>
          <div class="split even">
            <figure>
              <h3>Relative to the layer’s own weights</h3>
              ${draw('relativeL2', 'Relative L2 distance (%)', 100)}
            </figure>
            <figure>
              <h3>In absolute terms</h3>
              ${draw('l2', 'L2 distance between parameters', 1)}
            </figure>
          </div>
          ${componentTable(report)}`,
  );
}
