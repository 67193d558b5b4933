import { FeedprintError } from '@feedprint/core';
import { linkedReplies } from './linked-replies.ts';

/** Groups below which clustered errors are too small to go by. */
const FEWEST_GROUPS = 20;

const areFew = (groups: Int32Array): boolean => new Set(groups).size < FEWEST_GROUPS;

/** Which pairs, then ties, or rated replies depend on each other. */
export interface IndependentGroups {
  /** A number for each, equal for those that do. */
  readonly groups: Int32Array;
  /** Whether those of one prompt alone count as dependent, though others share replies with them. */
  readonly byPromptAlone: boolean;
}

/**
 * Those are dependent that a chain of common prompts and replies connects. Where next to all are connected, since replies are taken
 * from other prompts or from a short list, those of one prompt alone are counted so.
 */
export function independentGroups(
  replies: readonly (readonly string[])[],
  prompts: Int32Array,
): IndependentGroups {
  const linked = linkedReplies(replies, prompts);
  return areFew(linked)
    ? { groups: prompts, byPromptAlone: true }
    : { groups: linked, byPromptAlone: false };
}

/**
 * Throws `texts-invalid` for pairs or rated replies (`what`) of fewer than 20 groups: intervals go by groups, so that few of them
 * say nothing, and one has an interval of no width.
 */
export function assertIndependent(
  groups: Int32Array,
  { what, file }: { readonly what: string; readonly file: string },
): void {
  if (!areFew(groups)) return;
  const asked = new Set(groups).size;
  throw new FeedprintError({
    code: 'texts-invalid',
    message: `how sure anything is cannot be said: the ${groups.length} ${what} of ${file} answer ${asked === 1 ? '1 prompt' : `${asked} prompts`}`,
    remedy: `give ${what} of at least ${FEWEST_GROUPS} prompts`,
  });
}
