import type { TokenRows } from '@feedprint/core';
import type { ModelChanges } from './model-changes.ts';

/** One of the positions where tuning changed the next-token distribution most. */
export interface ChangedPosition {
  readonly text: number;
  /** Position in the text's tokens. */
  readonly position: number;
  /** KL(tuned || base), nats. */
  readonly kl: number;
  /** The last few tokens up to and including the position. */
  readonly context: readonly number[];
  /** The token that follows in the text. */
  readonly next: number;
  /** The token that tuning made more probable there, by its share of the KL. */
  readonly gained: number;
}

/**
 * The positions with the largest KL, largest first; at most one per text, so that one odd text does not fill the list.
 */
export function mostChanged(
  { kl, places, gained }: Pick<ModelChanges, 'kl' | 'places' | 'gained'>,
  texts: TokenRows,
  { count, context }: { readonly count: number; readonly context: number },
): ChangedPosition[] {
  const best = new Map<number, number>();
  kl.forEach((value, i) => {
    const text = places.text[i] as number;
    const known = best.get(text);
    if (known === undefined || value > (kl[known] as number)) best.set(text, i);
  });
  return [...best.values()]
    .sort((a, b) => (kl[b] as number) - (kl[a] as number) || a - b)
    .slice(0, count)
    .map((i) => {
      const [text, position] = [places.text[i] as number, places.position[i] as number];
      const tokens = Array.from(texts[text] as ArrayLike<number>);
      return {
        text,
        position,
        kl: kl[i] as number,
        context: tokens.slice(Math.max(0, position + 1 - context), position + 1),
        next: tokens[position + 1] as number,
        gained: gained[i] as number,
      };
    });
}
