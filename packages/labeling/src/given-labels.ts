import { createHash } from 'node:crypto';
import type { Labeler } from '@feedprint/core';
import { isOf } from './exports/given-label.ts';
import type { GivenLabel } from './exports/given-label.ts';

/** A labeler that takes others' explanations instead of making its own, and classifies and scores them. */
export const withGivenLabels = (labeler: Labeler, labels: readonly GivenLabel[]): Labeler => ({
  ...labeler,
  name: `given, by ${labeler.name}`,
  settings: {
    ...labeler.settings,
    given: createHash('sha256').update(JSON.stringify(labels)).digest('hex'),
  },
  explain: async ({ id }) => labels.find((label) => isOf(label, id))?.label,
});
