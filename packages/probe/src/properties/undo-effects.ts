import type { Random } from '@feedprint/core';
import { combine } from './columns.ts';
import { labelEffects } from './label-effects.ts';
import type { Comparisons } from './label-effects.ts';

/** What is done to a pair whose label goes with a property: it is left out, or its replies are exchanged. */
export type UndoBy = 'drop' | 'relabel';

export interface UndoOptions {
  /** Places of the properties that the labels shall no longer depend on. */
  readonly remove: readonly number[];
  /** Places of those that they may go on depending on. */
  readonly keep: readonly number[];
  readonly by: UndoBy;
  readonly random: Random;
}

/** Which pairs to change so that labels stop depending on properties. */
export interface Undoing {
  /** 1 for the pairs to change. */
  readonly changed: Uint8Array;
  /** The chance with which each pair was to be changed: how surely its label is due to the properties. */
  readonly chances: Float64Array;
}

/** Logits per unit below which an effect counts as gone, a tenth of what counts as an effect at all. */
const GONE = 0.01;
/** Rounds of correcting for what a straight line does not describe. */
const ROUNDS = 12;

/**
 * Draws the pairs to change so that what is left of the labels follows the other properties alone. A label that goes with
 * the properties is changed with the chance at which they decided it. Where `o` are the logits by what is kept and `t > 0` those
 * by what is removed, a pair is dropped with chance 1 - exp(-t) and relabelled with chance 1 - s(o) / s(o + t), `s` being
 * the logistic function: P(preferred) becomes s(o) in either case. Pairs whose label goes against the properties stay.
 * Each pair draws one number, once; the effects are then corrected until those of what is left are below 0.01 logits.
 */
export function undoEffects(
  comparisons: Comparisons,
  { remove, keep, by, random }: UndoOptions,
): Undoing {
  const rest = keep.filter((place) => !remove.includes(place));
  const places = [...rest, ...remove];
  const columns = (of: readonly number[]) =>
    of.map((place) => comparisons.differences[place] as Float64Array);
  const pairs = comparisons.weights.length;
  const draws = Float64Array.from({ length: pairs }, () => random.next());
  const { weights } = labelEffects(comparisons, places);
  const kept = combine(columns(rest), weights.subarray(0, rest.length), pairs);
  const slopes = weights.slice(rest.length);
  for (let round = 1; ; round++) {
    const due = combine(columns(remove), slopes, pairs);
    const chances = due.map((logit, i) =>
      logit > 0 && comparisons.ties[i] !== 1 ? chanceOf(by, kept[i] as number, logit) : 0,
    );
    const changed = Uint8Array.from(chances, (chance, i) => Number((draws[i] as number) < chance));
    const left = labelEffects(changedLabels(comparisons, changed, by), places).weights.subarray(
      rest.length,
    );
    if (round === ROUNDS || left.every((effect) => Math.abs(effect) < GONE)) {
      return { changed, chances };
    }
    left.forEach((effect, j) => (slopes[j] = (slopes[j] as number) + effect));
  }
}

const chanceOf = (by: UndoBy, kept: number, due: number): number =>
  by === 'drop' ? 1 - Math.exp(-due) : 1 - logistic(kept) / logistic(kept + due);

const logistic = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** Comparisons as they are once some pairs are dropped or relabelled. */
export function changedLabels(
  { differences, weights, ties, groups }: Comparisons,
  changed: Uint8Array,
  by: UndoBy,
): Comparisons {
  if (by === 'relabel') {
    const sign = (value: number, i: number): number => (changed[i] === 1 ? -value : value);
    return { differences: differences.map((column) => column.map(sign)), weights, ties, groups };
  }
  const stays = (_: number, i: number): boolean => changed[i] !== 1;
  return {
    differences: differences.map((column) => column.filter(stays)),
    weights: weights.filter(stays),
    ties: ties.filter(stays),
    groups: renumbered(groups.filter(stays)),
  };
}

/** The same groups, numbered from 0 without gaps. */
function renumbered(groups: Int32Array): Int32Array {
  const numbers = new Map<number, number>();
  return groups.map((group) => {
    const number = numbers.get(group) ?? numbers.size;
    numbers.set(group, number);
    return number;
  });
}
