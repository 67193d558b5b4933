import { FeedprintError } from '@feedprint/core';

/** Groups of replies with nothing in common below which a file says nothing sure of its labels or ratings. */
const FEWEST_GROUPS = 20;

export interface GroupedReplies {
  /** Number of the group of each pair or rated reply: those that a chain of common prompts and replies connects. */
  readonly groups: Int32Array;
  /** Number of the prompt of each. */
  readonly prompts: Int32Array;
}

/**
 * Throws `texts-invalid` for pairs or rated replies (`what`) of fewer than 20 groups: intervals go by groups, so that few of them
 * say nothing, and one has an interval of no width.
 */
export function assertIndependent(
  { groups, prompts }: GroupedReplies,
  { what, file }: { readonly what: string; readonly file: string },
): void {
  const count = new Set(groups).size;
  if (count >= FEWEST_GROUPS) return;
  const asked = new Set(prompts).size;
  const given =
    asked < FEWEST_GROUPS
      ? `answer ${asked === 1 ? '1 prompt' : `${asked} prompts`}`
      : `share replies across prompts, so that only ${count} ${count === 1 ? 'group' : 'groups'} of them have nothing in common`;
  throw new FeedprintError({
    code: 'texts-invalid',
    message: `how sure anything is cannot be said: the ${groups.length} ${what} of ${file} ${given}`,
    remedy: `give ${what} of at least ${FEWEST_GROUPS} prompts that share no reply`,
  });
}
