import type { Trajectory } from '@feedprint/report';
import type { Table } from '../audit/finding.ts';
import { figuresIn } from '../audit/figures-table.ts';

/** The tables behind a trajectory. */
export const trajectoryTables = (trajectory: Trajectory): Table[] => [
  {
    name: 'looks',
    columns: {
      ...{ step: 'INTEGER', level: 'DOUBLE', difference: 'DOUBLE', words_effect: 'DOUBLE' },
      ...{ audit: 'VARCHAR', sentence: 'VARCHAR' },
    },
    rows: trajectory.looks.map(({ wordsEffect, ...look }) => ({
      ...look,
      words_effect: wordsEffect,
    })),
  },
  {
    name: 'trajectory',
    columns: {
      ...{ kind: 'VARCHAR', name: 'VARCHAR', beyond: 'BOOLEAN', first: 'INTEGER', half: 'DOUBLE' },
      ...{ step: 'INTEGER', effect: 'DOUBLE', low: 'DOUBLE', high: 'DOUBLE' },
      ...{ learned: 'BOOLEAN', chance: 'DOUBLE' },
    },
    rows: trajectory.items.flatMap(({ kind, name, beyond, first, half, looks }) =>
      looks.map((look) => ({ kind, name, beyond, first, half, ...look })),
    ),
  },
  {
    name: 'figures',
    columns: { figure: 'VARCHAR', value: 'DOUBLE' },
    rows: figuresIn(trajectory).map((row) => ({ ...row })),
  },
];
