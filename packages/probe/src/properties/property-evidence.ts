import type { Columns } from './columns.ts';

/** Pairs of replies whose labels are known. Properties are NaN where nothing can be said. */
export interface LabelledReplies {
  /** Properties of the preferred replies, `[pairs]` each. */
  readonly chosen: Columns;
  readonly rejected: Columns;
  /** How much each pair counts, above 0. */
  readonly weights: Float64Array;
  /** 1 where neither reply was preferred. */
  readonly ties: Uint8Array;
  /** Number of each pair's group, from 0; pairs of different groups share neither prompt nor reply. */
  readonly groups: Int32Array;
}

/** Replies that were rated one by one. Properties are NaN where nothing can be said. */
export interface RatedReplies {
  /** Properties of the replies, `[replies]` each. */
  readonly values: Columns;
  /** More is better; of labels, 1 for a wanted reply and 0 for another. */
  readonly ratings: Float64Array;
  /** Number of each reply's group, from 0; replies of different groups have neither prompt nor text in common. */
  readonly groups: Int32Array;
}

/** R of a reply: the sum over its tokens of log p_tuned - log p_base, in nats. */
export interface LogRatios {
  /** Of the base's replies. */
  readonly base: Float64Array;
  /** Of the tuned model's. */
  readonly tuned: Float64Array;
}

/** Replies that both models wrote to the same prompts, neither of which tuning saw. */
export interface FreshReplies {
  /** Properties of the base's replies, `[draws]` each. */
  readonly base: Columns;
  /** Of the tuned model's replies to the same prompts. */
  readonly tuned: Columns;
  readonly ratios: LogRatios;
  /** Number of each draw's prompt, from 0. */
  readonly prompts: Int32Array;
}

/** A model that cannot have learned anything from the labels, asked about the same fresh replies. */
export interface PropertyPlacebo {
  readonly name: string;
  /** Its R of the first replies of either model, as many as it was asked about. */
  readonly ratios: LogRatios;
}

/** What a tuner says of a property: 1, more of it was wanted; 0, no change; -1, less. */
export type Declared = -1 | 0 | 1;

/** What a reward says of both replies of each pair of the labels; NaN where nothing. */
export interface RewardedPairs {
  readonly chosen: Float64Array;
  readonly rejected: Float64Array;
}

/** Properties that were found by looking at some of the pairs, so that only the others may say whether labels depend on them. */
export interface FoundProperties {
  /** In the order of the arrays; none of them that of a counted property. */
  readonly names: readonly string[];
  /** Of the base's first fresh replies, as many as were measured, `[draws]` each. */
  readonly base: Columns;
  readonly tuned: Columns;
  /** Places among the pairs of those that they were not found in. */
  readonly unseen: Int32Array;
  /** Of the preferred replies of these pairs, `[unseen]` each. */
  readonly chosen: Columns;
  readonly rejected: Columns;
}

export interface PropertyEvidence {
  /** In the order of the arrays. */
  readonly names: readonly string[];
  readonly fresh: FreshReplies;
  /** Absent where there are no labels. */
  readonly labels?: LabelledReplies | RatedReplies;
  /** By name; of a property that is left out, nothing was declared. */
  readonly declared?: ReadonlyMap<string, Declared>;
  /** The reward of whole replies that was tuned on, where it is known; needs labels of pairs. */
  readonly rewarded?: RewardedPairs;
  readonly placebos?: readonly PropertyPlacebo[];
  /** Found in the pairs, one list per way of finding them; needs labels of pairs. What `names` have explained is not theirs. */
  readonly found?: readonly FoundProperties[];
  /** Of the labels that are dealt out at random. Default 0. */
  readonly seed?: number;
}
