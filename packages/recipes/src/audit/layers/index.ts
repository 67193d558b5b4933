import { layers as chapter } from '@feedprint/report/chapters/layers';
import { defineFinding } from '../finding.ts';
import { components } from './components.ts';
import { diverge } from './diverge.ts';

/** How far tuning moved each layer, and each part of it. */
export const layers = defineFinding({
  chapter,
  needs: { divergence: diverge, components },
  report: ({ context, needs }) => {
    const kept = new Set(context.sites.map(({ layer }) => layer));
    return {
      divergence: needs.divergence.map((layer) => ({ ...layer, kept: kept.has(layer.layer) })),
      components: needs.components,
    };
  },
  tables: (_, { divergence, components: parts = [] }) => [
    {
      name: 'divergence',
      columns: { layer: 'INTEGER', l2: 'DOUBLE', relativeL2: 'DOUBLE', kept: 'BOOLEAN' },
      rows: divergence,
    },
    {
      name: 'components',
      columns: {
        ...{ of: 'VARCHAR', layer: 'INTEGER', component: 'VARCHAR', site: 'VARCHAR', n: 'DOUBLE' },
        ...{ l2: 'DOUBLE', relativeL2: 'DOUBLE', cosine: 'DOUBLE' },
      },
      rows: parts,
    },
  ],
});
