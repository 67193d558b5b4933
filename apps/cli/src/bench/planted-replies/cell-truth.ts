import type { Behaviour, PlantedModelFolder } from './find-models.ts';

/** Standard errors that a property's rate must have changed by to count as learned, and within which it counts as not learned. */
export const LEARNED_Z = 5;
export const ABSENT_Z = 3;

/** The property that measures what planted models are told. */
export const STATED = 'sentiment';

/** What is true of one property of one model. */
export interface CellTruth {
  readonly behaviour: Behaviour;
  /** Its dose; 0 where it was not planted. */
  readonly dose: number;
  /**
   * By behaviour. `spilled`: it moved, though neither planted nor stated; `faint`: it was, and whether it moved cannot be told.
   */
  readonly kind: 'learned' | 'absent' | 'spilled' | 'faint';
  /** Whether the labels of the pairs reward it by construction. */
  readonly inData: boolean;
}

/** Truth by behaviour. */
export function cellTruth(
  { learned, planted, inPairs }: PlantedModelFolder,
  property: string,
): CellTruth | undefined {
  const behaviour = learned[property];
  if (behaviour === undefined) return undefined;
  const dose = planted[property] ?? 0;
  const isRewarded = dose !== 0 || property === STATED;
  const size = Math.abs(behaviour.z);
  const kind =
    size < ABSENT_Z ? 'absent' : !isRewarded ? 'spilled' : size >= LEARNED_Z ? 'learned' : 'faint';
  const inData = dose !== 0 ? inPairs.planted : property === STATED && inPairs.stated;
  return { behaviour, dose, kind, inData };
}
