/** A prompt and its reply as token ids. */
export interface TokenSequence {
  readonly ids: ArrayLike<number>;
  /** Where the reply begins: tokens from here on are what the model learns to write. At least 1: nothing predicts the first. */
  readonly start: number;
}

/** How many of a sequence's tokens count. */
export const replyLength = ({ ids, start }: TokenSequence): number => ids.length - start;
