import { expect, test } from '@jest/globals';
import type { ReplyEvidence } from '../../src/index.ts';
import { marginsByTokenRatios } from '../../src/preferences/token-ratios.ts';

/** A reply of tokens with their log-ratios. */
function reply(...tokens: readonly (readonly [number, number])[]): ReplyEvidence {
  return {
    tokens: Int32Array.from(tokens, ([token]) => token),
    base: new Float32Array(tokens.length).fill(-2),
    tuned: Float32Array.from(tokens, ([, ratio]) => -2 + ratio),
  };
}

const chosen = [reply([1, 1], [2, 0]), reply([1, 3]), reply([1, 9], [3, 9])];
const rejected = [reply([2, -1]), reply([2, -2], [2, 0]), reply([2, 5])];
const fold = { train: Int32Array.of(0, 1), test: Int32Array.of(2) };

test("a pair's margin is what its tokens' log-ratios are in the other folds, drawn towards their mean", () => {
  // In training, token 1: 1 and 3; token 2: 0, -1, -2 and 0; mean of the six 1/6. Token 3 was never seen.
  const one = (1 + 3 - 2 / 6) / (2 + 3);
  const two = (0 - 1 - 2 + 0 - 4 / 6) / (4 + 3);
  const [, , margin] = marginsByTokenRatios({ chosen, rejected }, [fold]);
  expect(margin).toBeCloseTo(one - two, 12);
});

test('nothing of the pair itself goes into its own margin', () => {
  const other = [...chosen.slice(0, 2), reply([1, -50], [3, 70])];
  expect(marginsByTokenRatios({ chosen: other, rejected }, [fold])).toEqual(
    marginsByTokenRatios({ chosen, rejected }, [fold]),
  );
});
