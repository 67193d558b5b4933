import type { PairTexts } from './layouts/layout.ts';

/** Length of a prompt that no reply repeats by chance. */
const LONG = 20;

const isRepeated = ({ prompt, chosen, rejected, turns }: PairTexts): boolean =>
  !turns && prompt.trim() !== '' && chosen.startsWith(prompt) && rejected.startsWith(prompt);

/**
 * Whether the replies of a file are whole texts that begin with the plain prompt: those of all first pairs do, and this
 * cannot be chance.
 */
export const repeatPrompts = (first: readonly PairTexts[]): boolean =>
  first.length > 0 &&
  first.every(isRepeated) &&
  (first.some(({ prompt }) => prompt.length >= LONG) ||
    new Set(first.map(({ prompt }) => prompt)).size > 2);

/** A pair without its prompt at the beginning of its replies. */
export const withoutRepeated = (pair: PairTexts): PairTexts =>
  isRepeated(pair)
    ? {
        ...pair,
        chosen: pair.chosen.slice(pair.prompt.length),
        rejected: pair.rejected.slice(pair.prompt.length),
      }
    : pair;
