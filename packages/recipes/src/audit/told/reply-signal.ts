import type { Part, Reply } from '@feedprint/core';

/** What was rewarded of whole replies. Its name and settings tell it from another of other scores. */
export interface ReplySignal extends Part {
  /** One score per reply, more is better; `undefined` where it says nothing. */
  score(replies: readonly Reply[]): Promise<readonly (number | undefined)[]>;
}
