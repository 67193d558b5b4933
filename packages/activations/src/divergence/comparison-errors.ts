import { FeedprintError } from '@feedprint/core';

/** Two models that cannot be compared, and why. */
export const mismatch = (message: string): FeedprintError =>
  new FeedprintError({
    code: 'models-mismatched',
    message,
    remedy: 'compare a model with one that was tuned from it',
  });

/** A comparison that was ended by its signal. */
export const cancelled = (): FeedprintError =>
  new FeedprintError({
    code: 'cancelled',
    message: 'the comparison was stopped',
    remedy: 'run it again',
  });
