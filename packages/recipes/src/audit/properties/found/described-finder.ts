import type { ChatModel } from '@feedprint/core';
import { discoverProperties } from '../../../properties/discover-properties.ts';
import type { PropertyFinder } from './property-finder.ts';

/** Pairs, half of which are described and half annotated. */
const PAIRS = 200;
/** Fresh replies of each model that are annotated. */
const REPLIES = 200;
/** Descriptions that are tested. */
const DESCRIPTIONS = 10;

export interface DescribedFinderOptions {
  /** Describes one half of the pairs, and annotates the other half and the fresh replies. */
  readonly describer: ChatModel;
  /** Annotates the other half apart from it: what both see alike is kept. */
  readonly judge: ChatModel;
}

/**
 * Finds properties in words: what a chat model says that preferred replies have more or less of, kept where it and another one,
 * which see neither labels nor other replies, agree on the replies of other prompts (kappa above 0.6).
 */
export const createDescribedFinder = ({
  describer,
  judge,
}: DescribedFinderOptions): PropertyFinder => ({
  name: 'described-properties',
  settings: { describer: describer.name, judge: judge.name, pairs: PAIRS, replies: REPLIES },
  mostPairs: PAIRS,
  mostReplies: REPLIES,
  find: ({ pairs, random }) =>
    discoverProperties({
      ...{ pairs, random, describer },
      judges: [describer, judge],
      most: DESCRIPTIONS,
    }),
});
