import { layers as chapter } from '@feedprint/report/chapters/layers';
import { defineFinding } from '../finding.ts';
import { diverge } from './diverge.ts';

/** How far tuning moved each layer. */
export const layers = defineFinding({
  chapter,
  needs: { divergence: diverge },
  report: ({ context, needs }) => {
    const kept = new Set(context.sites.map(({ layer }) => layer));
    return {
      divergence: needs.divergence.map((layer) => ({ ...layer, kept: kept.has(layer.layer) })),
    };
  },
  tables: (_, { divergence }) => [
    {
      name: 'divergence',
      columns: { layer: 'INTEGER', l2: 'DOUBLE', relativeL2: 'DOUBLE', kept: 'BOOLEAN' },
      rows: divergence,
    },
  ],
});
