import type { Table } from '../finding.ts';
import type { Causes } from './causes.ts';

/** `tables/interventions.parquet` and `random-directions`. */
export const causeTables = ({ interventions, draws }: Causes): Table[] => [
  {
    name: 'interventions',
    columns: {
      intervention: 'VARCHAR',
      model: 'VARCHAR',
      text: 'INTEGER',
      positions: 'INTEGER',
      expected: 'DOUBLE',
      kl: 'DOUBLE',
    },
    rows: interventions,
  },
  {
    name: 'random-directions',
    columns: {
      family: 'VARCHAR',
      draw: 'INTEGER',
      dose: 'DOUBLE',
      necessity: 'DOUBLE',
      sufficiency: 'DOUBLE',
      klTuned: 'DOUBLE',
      klBase: 'DOUBLE',
    },
    rows: draws.map(({ kl, ...draw }) => ({ ...draw, klTuned: kl.tuned, klBase: kl.base })),
  },
];
