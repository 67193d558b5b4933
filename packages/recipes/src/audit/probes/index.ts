import { probes as chapter } from '@feedprint/report/chapters/probes';
import { defineFinding } from '../finding.ts';
import { known } from '../known.ts';
import { pairProbes } from './pair-probes.ts';
import { probeTables } from './tables.ts';

/** Whether the features of replies tell which of them is preferred. */
export const probes = defineFinding({
  chapter,
  asks: ({ pairs }) => pairs !== undefined,
  needs: { probes: pairProbes },
  report: ({ needs }) => {
    const { accuracies, pooled } = known(needs.probes[0], 'probes');
    return { pairProbes: { accuracies: [...accuracies], pooled: [...pooled] } };
  },
  tables: ({ context, needs }) =>
    probeTables(known(context.pairs, 'the pairs'), known(needs.probes[0], 'probes')),
});
