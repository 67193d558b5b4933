import { FeedprintError } from '@feedprint/core';
import type { SavedCheckpoint } from './look.ts';

/** Checkpoints by rising step. Throws `usage` for none, and for two of one step. */
export function checkCheckpoints(given: readonly SavedCheckpoint[]): SavedCheckpoint[] {
  const sorted = given.toSorted((a, b) => a.step - b.step);
  const twice = sorted.find(({ step }, i) => step === sorted[i - 1]?.step);
  if (sorted.length > 0 && !twice) return sorted;
  throw new FeedprintError({
    code: 'usage',
    message: twice
      ? `two checkpoints are of step ${twice.step}: ${sorted
          .filter(({ step }) => step === twice.step)
          .map(({ folder }) => folder)
          .join(', ')}`
      : 'no checkpoint was given',
    remedy: 'give folders of one training, each of another step',
  });
}
