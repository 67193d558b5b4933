import type { LocationReport } from '@feedprint/report/chapters/location';
import { siteNames } from '../context.ts';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { seedOf } from '../random.ts';
import type { Exchanged } from './located.ts';
import { sharesOf } from './outcomes.ts';
import type { Ends } from './outcomes.ts';
import type { Place } from './places.ts';
import { reportRows } from './unembedding.ts';
import type { UnembeddingRow } from './unembedding.ts';

/** How far the models are apart along the feedback. */
export function reportShift(
  context: AuditContext,
  { base, tuned }: Ends,
  contexts: readonly number[],
): NonNullable<LocationReport['shift']> {
  const { statistics } = context.parts;
  const seed = seedOf(context, 'location intervals');
  return {
    slope: statistics.shift({ from: base.slope, to: tuned.slope }, seed),
    expected: statistics.shift({ from: base.expected, to: tuned.expected, contexts }, seed),
  };
}

/** Shares of all places, of the sites, and the rows of the unembedding. */
export function reportLocated(
  context: AuditContext,
  ends: Ends,
  places: readonly Place[],
  exchanged: readonly Exchanged[],
  rows: readonly UnembeddingRow[],
): Pick<LocationReport, 'state' | 'places' | 'sites' | 'unembedding'> {
  const seed = seedOf(context, 'location intervals');
  const find = (name: string, way: Exchanged['way']): Exchanged['outcome'] =>
    known(
      exchanged.find((one) => one.place === name && one.way === way),
      name,
    ).outcome;
  const shares = (name: string) =>
    sharesOf(
      ends,
      { restored: find(name, 'restored'), transplanted: find(name, 'transplanted') },
      context.parts.statistics,
      seed,
    );
  return {
    state: 'located',
    places: places.map(({ name, layer, kind, tied, parameters }) => ({
      ...{ place: name, layer, kind, tied, parameters },
      ...shares(name),
    })),
    sites: { sites: siteNames(context), ...shares('sites') },
    unembedding: rows.length > 0 ? reportRows(context, rows) : null,
  };
}
