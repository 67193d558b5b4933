import type { Reply } from '@feedprint/core';
import type { ReadFile } from '../readers/read-file.ts';

/** One reply and what was said of it alone. */
export interface RatedReply extends Reply {
  readonly id?: string | number;
  /** More is better. Of a label, 1 for a reply that is wanted and 0 for one that is not. */
  readonly rating: number;
  /** Whether the reply is wanted, if the file says so in these words. */
  readonly label?: boolean;
}

export interface RatingFile extends ReadFile {
  readonly ratings: readonly RatedReply[];
}
