import type { ActivationExample, Random } from '@feedprint/core';
import { cutWindow } from './window.ts';
import type { FeatureTexts, WindowCounts } from './window.ts';

/**
 * Windows on which the feature is silent, each of another text: where its neighbour is most active, most like the active
 * windows in their tokens, and at random, which also fills in for the others.
 */
export function silentWindows(
  texts: FeatureTexts,
  pool: readonly number[],
  active: readonly ActivationExample[],
  { silent, neighbour, similar }: WindowCounts,
  random: Random,
): ActivationExample[] {
  const used = new Set<number>();
  const found: ActivationExample[] = [];
  const take = (count: number, candidates: Iterable<Candidate>, kind: string): void => {
    let taken = 0;
    for (const { text, at } of candidates) {
      if (taken === count) return;
      if (used.has(text)) continue;
      const example = cutWindow(texts, text, at, kind);
      if (example.activations.some((value) => value > 0)) continue;
      used.add(text);
      found.push(example);
      taken++;
    }
  };
  const placed = pool.map((text) => ({ text, at: random.integer(texts.rows[text]?.length ?? 1) }));
  take(neighbour, byNeighbour(texts, pool), 'neighbour');
  take(similar, bySimilarity(texts, placed, active), 'similar');
  take(silent + neighbour + similar - found.length, placed, 'random');
  return found;
}

interface Candidate {
  readonly text: number;
  readonly at: number;
}

/** Where the neighbouring feature is most active, strongest first. */
function byNeighbour({ neighbour }: FeatureTexts, pool: readonly number[]): Candidate[] {
  return pool
    .map((text) => {
      const values = neighbour?.[text] ?? new Float32Array();
      const value = values.reduce((a, b) => Math.max(a, b), 0);
      return { text, value, at: values.indexOf(value) };
    })
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || a.text - b.text);
}

/**
 * Ordered by the share of the weight of a window's tokens that active windows have too. A token weighs the more, the fewer
 * texts it occurs in (inverse document frequency).
 */
function bySimilarity(
  texts: FeatureTexts,
  placed: readonly Candidate[],
  active: readonly ActivationExample[],
): Candidate[] {
  const seen = new Set(active.flatMap(({ tokens }) => tokens));
  const windows = placed.map((place) => ({
    ...place,
    tokens: [...new Set(cutWindow(texts, place.text, place.at, '').tokens)],
  }));
  const occurrences = new Map<string, number>();
  for (const { tokens } of windows) {
    for (const token of tokens) occurrences.set(token, (occurrences.get(token) ?? 0) + 1);
  }
  const weigh = (tokens: readonly string[]): number =>
    tokens.reduce(
      (sum, token) => sum + Math.log1p(windows.length / (occurrences.get(token) ?? 1)),
      0,
    );
  return windows
    .map(({ tokens, text, at }) => ({
      text,
      at,
      likeness: weigh(tokens.filter((token) => seen.has(token))) / (weigh(tokens) || 1),
    }))
    .sort((a, b) => b.likeness - a.likeness || a.text - b.text);
}
