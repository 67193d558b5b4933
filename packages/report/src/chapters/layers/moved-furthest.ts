import type { Report } from './schema.ts';

/** The layer whose weights tuning moved furthest (L2), by which layers are chosen for study; none without layers. */
export const movedFurthest = (
  divergence: Report['divergence'],
): Report['divergence'][number] | undefined =>
  divergence.toSorted((a, b) => b.l2 - a.l2 || a.layer - b.layer)[0];
