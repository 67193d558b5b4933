import type { Part, Reply } from '@feedprint/core';

/** A reply of a pair, and where it stands: what scores pairs by their ids knows nothing else. */
export interface PairedReply extends Reply {
  /** The pair's id in its file or, without one, its row from 0. */
  readonly pair?: string;
  readonly side?: 'chosen' | 'rejected';
}

/** What was rewarded of whole replies. Its name and settings tell it from another of other scores. */
export interface ReplySignal extends Part {
  /** Whether it scores replies by their pair, not by what they say. Default: no. */
  readonly byPair?: boolean;
  /** One score per reply, more is better; `undefined` where it says nothing. */
  score(replies: readonly PairedReply[]): Promise<readonly (number | undefined)[]>;
}
