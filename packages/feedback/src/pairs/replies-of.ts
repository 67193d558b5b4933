import type { PreferencePair, Reply } from '@feedprint/core';

/** The chosen and the rejected reply of a pair, each as the answer to its prompt. */
export function repliesOf({ prompt, turns, chosen, rejected }: PreferencePair): [Reply, Reply] {
  const asked = { prompt, ...(turns && { turns }) };
  return [
    { ...asked, reply: chosen },
    { ...asked, reply: rejected },
  ];
}
