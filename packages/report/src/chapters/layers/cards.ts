import type { Card } from '../../chapter.ts';
import { fixed, percent } from '../../format.ts';
import { html } from '../../html.ts';
import { listed } from '../../text.ts';
import type { Report } from './schema.ts';

export const cards = (report: Report): readonly Card[] => [mostChanged(report)];

function mostChanged({ divergence }: Report): Card {
  const [most] = divergence.toSorted((a, b) => b.relativeL2 - a.relativeL2);
  const kept = divergence.filter((layer) => layer.kept).map((layer) => String(layer.layer));
  const least = Math.min(...divergence.map((layer) => layer.relativeL2));
  return {
    title: 'Most changed layer',
    big: most
      ? html`${most.layer} <small>by ${percent(most.relativeL2, 2)} of its weights’ norm</small>`
      : fixed(null),
    meaning:
      kept.length === 0
        ? 'No layer was studied further.'
        : `Studied further: ${kept.length === 1 ? 'layer' : 'layers'} ${listed(kept)} of ${divergence.length}.`,
    control: most ? `Least changed layer: ${percent(least, 2)}.` : 'No layers were compared.',
  };
}
