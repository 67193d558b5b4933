import type { LanguageModel, Part, PreferencePair, Property, Random } from '@feedprint/core';
import type { ReplyEncoder } from '../../../encode-pair.ts';

/** What finds properties in one half of the pairs, to be measured like those that are counted. */
export interface PropertyFinder extends Part {
  /** Pairs that it is given at most. */
  readonly mostPairs: number;
  /** Fresh replies of each model that what it finds is measured on at most. */
  readonly mostReplies: number;
  find(options: FindOptions): Promise<PropertiesInPairs>;
}

export interface FindOptions {
  readonly base: LanguageModel;
  readonly encoder: ReplyEncoder;
  readonly pairs: readonly PreferencePair[];
  readonly random: Random;
  readonly signal: AbortSignal;
}

/** What was found. Replies to one prompt are in one half. */
export interface PropertiesInPairs {
  readonly properties: readonly Property[];
  /** Indices of the pairs that it was not found in. */
  readonly unseen: Int32Array;
}
