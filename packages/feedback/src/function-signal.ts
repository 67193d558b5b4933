import type { FeedbackExamples, FeedbackSignal, Granularity } from '@feedprint/core';
import { FeedprintError } from '@feedprint/core';
import { checkRange } from './check-range.ts';

type Score = number | undefined;

export interface FunctionSignalOptions<G extends Granularity> {
  readonly name: string;
  readonly granularity: G;
  /** Smallest and largest score. */
  readonly range: readonly [number, number];
  /** The score of one example, or `undefined` if there is nothing to say. It must depend on the example alone. */
  readonly score: (example: FeedbackExamples[G]) => Score | Promise<Score>;
}

/**
 * Any function as a feedback signal.
 *
 * Throws `config-invalid` for a range that is not ascending; the signal throws `numbers-invalid` if the function leaves
 * the range or returns NaN.
 */
export function createFunctionSignal<G extends Granularity>({
  name,
  granularity,
  range,
  score,
}: FunctionSignalOptions<G>): FeedbackSignal<G> {
  const [low, high] = checkRange(name, range);
  const scoreOne = async (example: FeedbackExamples[G]): Promise<Score> => {
    const value = await score(example);
    if (value === undefined || (value >= low && value <= high)) return value;
    throw new FeedprintError({
      code: 'numbers-invalid',
      message: `the feedback ${name} scored ${JSON.stringify(example).slice(0, 60)} as ${value}, outside [${low}, ${high}]`,
      remedy: 'state a range that includes every score, and return undefined where there is none',
    });
  };
  return {
    name,
    granularity,
    range: [low, high],
    score: (examples) => Promise.all(examples.map(scoreOne)),
  };
}
