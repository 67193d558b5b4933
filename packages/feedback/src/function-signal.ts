import type { FeedbackSignal } from '@feedprint/core';
import { FeedprintError } from '@feedprint/core';

export interface FunctionSignalOptions {
  readonly name: string;
  readonly granularity: FeedbackSignal['granularity'];
  /** Smallest and largest score. */
  readonly range: readonly [number, number];
  /** The score of one example, or `undefined` where there is nothing to say. Must depend on the example alone. */
  readonly score: (example: string) => number | undefined;
}

/**
 * Any function as a feedback signal.
 *
 * Throws `config-invalid` for a range that is not finite and ascending; the signal throws `numbers-invalid` when the
 * function leaves the range.
 */
export function createFunctionSignal({
  name,
  granularity,
  range,
  score,
}: FunctionSignalOptions): FeedbackSignal {
  const [low, high] = range;
  if (!Number.isFinite(low) || !Number.isFinite(high) || low >= high) {
    throw new FeedprintError({
      code: 'config-invalid',
      message: `the range of the feedback ${name} is [${low}, ${high}]`,
      remedy: 'pass two finite numbers, the smaller first',
    });
  }
  return {
    name,
    granularity,
    range: [low, high],
    score: (examples) =>
      examples.map((example) => {
        const value = score(example);
        if (value === undefined || (value >= low && value <= high)) return value;
        throw new FeedprintError({
          code: 'numbers-invalid',
          message: `the feedback ${name} scored ${JSON.stringify(example.slice(0, 60))} as ${value}, outside [${low}, ${high}]`,
          remedy: 'state a range that holds every score, and return undefined where there is none',
        });
      }),
  };
}
