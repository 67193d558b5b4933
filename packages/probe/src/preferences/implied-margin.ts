import { FeedprintError } from '@feedprint/core';
import type { ReplyEvidence } from './preference-input.ts';

/** What the models say about a pair's two replies, chosen minus rejected; in nats, summed over the replies' tokens. */
export interface PairMeasures {
  /** Sum over the reply's tokens of log p_tuned - log p_base, given the prompt. */
  readonly chosenReward: number;
  readonly rejectedReward: number;
  /** `chosenReward - rejectedReward`: DPO's implicit reward margin without its factor beta. */
  readonly margin: number;
  /** log p_base(chosen) - log p_base(rejected), given the prompt. */
  readonly basePreference: number;
  /** The same per token of each reply. */
  readonly basePreferencePerToken: number;
  readonly lengthDifference: number;
}

/**
 * The reward that KL-regularised tuning implies for a reply, up to the penalty's factor and a constant that depends on
 * the prompt: the sum over its own tokens of log p_tuned - log p_base (Rafailov et al. 2023, equation 5). The prompt's
 * tokens belong to neither reply.
 */
export const impliedReplyReward = (reply: ReplyEvidence): number =>
  sum(reply.tuned) - sum(reply.base);

/** Throws `shape-mismatch` for arrays of unequal length, `numbers-invalid` for a reply without tokens or a log-probability that is not finite. */
export function measurePair(chosen: ReplyEvidence, rejected: ReplyEvidence): PairMeasures {
  assertReply(chosen, 'chosen');
  assertReply(rejected, 'rejected');
  const [chosenReward, rejectedReward] = [impliedReplyReward(chosen), impliedReplyReward(rejected)];
  const [ofChosen, ofRejected] = [sum(chosen.base), sum(rejected.base)];
  return {
    chosenReward,
    rejectedReward,
    margin: chosenReward - rejectedReward,
    basePreference: ofChosen - ofRejected,
    basePreferencePerToken: ofChosen / chosen.base.length - ofRejected / rejected.base.length,
    lengthDifference: chosen.tokens.length - rejected.tokens.length,
  };
}

function assertReply({ tokens, base, tuned }: ReplyEvidence, which: string): void {
  if (tokens.length !== base.length || tokens.length !== tuned.length) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `the ${which} reply has ${tokens.length} tokens, ${base.length} and ${tuned.length} log-probabilities`,
      remedy: 'pass one log-probability of each model per token of the reply',
    });
  }
  const finite = tokens.length > 0 && base.every(Number.isFinite) && tuned.every(Number.isFinite);
  if (finite) return;
  throw new FeedprintError({
    code: 'numbers-invalid',
    message:
      tokens.length === 0
        ? `the ${which} reply has no token`
        : `the ${which} reply has a log-probability that is not finite`,
    remedy: 'leave out empty replies, and use models whose weights are finite',
  });
}

function sum(values: Float32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
