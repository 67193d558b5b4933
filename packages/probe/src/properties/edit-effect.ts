import { BOUND } from './rewarded-properties.ts';
import type { PropertyColumn } from './judged-property.ts';
import { regressDifferences } from './regress-differences.ts';

/** What came of editing replies in one property. */
export interface EditOutcomes {
  /** Changes of the property, in standard deviations. */
  readonly changes: Float64Array;
  /** Changes of R, nats. */
  readonly ratios: Float64Array;
  /** Number of the prompt that each reply answers. */
  readonly prompts: ArrayLike<number>;
}

/**
 * Change of R per standard deviation by which edits moved a property, with its 90 % interval clustered by prompt; null
 * for fewer than ten edited replies, or if the edits left the property as it was.
 */
export function editEffect({ changes, ratios, prompts }: EditOutcomes): PropertyColumn | null {
  if (changes.length < FEWEST || changes.every((change) => change === 0)) return null;
  const numbers = new Map<number, number>();
  const groups = Int32Array.from(prompts, (prompt) => {
    const number = numbers.get(prompt) ?? numbers.size;
    numbers.set(prompt, number);
    return number;
  });
  const { weights, errors } = regressDifferences([changes], ratios, groups);
  const [value = 0, error = 0] = [weights[0], errors[0]];
  return {
    effect: value,
    low: value - BOUND * error,
    high: value + BOUND * error,
    q: null,
    n: changes.length,
  };
}

/** Edited replies from which an effect is given. */
const FEWEST = 10;
