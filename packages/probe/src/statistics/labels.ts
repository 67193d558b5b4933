import { FeedprintError } from '@feedprint/core';

/** How many labels are 1. Throws `numbers-invalid` for a label other than 0 and 1. */
export function countPositives(labels: ArrayLike<number>): number {
  let positives = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    if (label === 1) positives++;
    else if (label !== 0) {
      throw new FeedprintError({
        code: 'numbers-invalid',
        message: `labels holds ${label} at index ${i}`,
        remedy: 'label positives 1 and negatives 0',
      });
    }
  }
  return positives;
}
