import type { ActivationExample, FeatureEvidence } from '@feedprint/core';
import { createRandom, hash32 } from '@feedprint/core';

/** A window with marks on some of its tokens. */
export interface MarkedWindow {
  readonly tokens: readonly string[];
  /** Indices of marked tokens, ascending. */
  readonly marked: readonly number[];
  /** The marked tokens are those on which the feature is active. */
  readonly active: boolean;
}

/** A token counts as active from this share of the feature's largest activation (as delphi marks them). */
const markedShare = 0.3;

/**
 * Held-out windows with marks: active ones on their active tokens; silent ones on the places that are marked in an active
 * one, drawn at random, so that neither the number of marks nor where they stand tells the two apart.
 */
export function markedWindows({
  id,
  heldOutActive,
  heldOutSilent,
  maxActivation,
}: FeatureEvidence): MarkedWindow[] {
  const active = heldOutActive.map((example) => ({
    tokens: example.tokens,
    marked: activePlaces(example, maxActivation),
    active: true,
  }));
  const random = createRandom(hash32(id)).fork('marks');
  const silent = heldOutSilent.flatMap(({ tokens }) => {
    if (tokens.length === 0 || active.length === 0) return [];
    const { marked, tokens: others } = active[random.integer(active.length)] as MarkedWindow;
    // Counted from the middle, so that marks keep their distance from both ends of a shorter window.
    const shift = Math.round((tokens.length - others.length) / 2);
    const places = marked.map((at) => Math.min(tokens.length - 1, Math.max(0, at + shift)));
    return [{ tokens, marked: [...new Set(places)], active: false }];
  });
  return [...active, ...silent];
}

/** Indices of the tokens of a window on which the feature counts as active, `max` being its largest activation. */
export function activePlaces({ activations }: ActivationExample, max: number): number[] {
  const strongest = activations.reduce((a, b) => Math.max(a, b), 0);
  const least = Math.min(markedShare * max, strongest);
  return activations.flatMap((value, i) => (value > 0 && value >= least ? [i] : []));
}
