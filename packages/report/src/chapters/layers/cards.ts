import type { Card } from '../../chapter.ts';
import { fixed, percent, significant } from '../../format.ts';
import { html } from '../../html.ts';
import { listed } from '../../text.ts';
import { movedFurthest } from './moved-furthest.ts';
import type { Report } from './schema.ts';

export const cards = (report: Report): readonly Card[] => [mostChanged(report)];

function mostChanged({ divergence }: Report): Card {
  const most = movedFurthest(divergence);
  const kept = divergence.filter((layer) => layer.kept).map((layer) => String(layer.layer));
  const least = Math.min(...divergence.map((layer) => layer.l2));
  return {
    title: 'Most changed layer',
    big: most
      ? html`${most.layer}
          <small
            >by ${significant(most.l2)} (L2), ${percent(most.relativeL2, 2)} of its norm</small
          >`
      : fixed(null),
    meaning:
      kept.length === 0
        ? 'No layer was studied further.'
        : `Studied further: ${kept.length === 1 ? 'layer' : 'layers'} ${listed(kept)} of ${divergence.length}.`,
    control: most ? `Least changed layer: ${significant(least)}.` : 'No layers were compared.',
  };
}
