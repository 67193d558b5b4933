import { differenceProperties, DRAWN } from '../../../properties/difference-properties.ts';
import type { PropertyFinder } from './property-finder.ts';

/** Pairs that features are learned and tested on at most: a pass of the base over each of their replies. */
const PAIRS = 2000;

/**
 * Finds what replies differ in to the base: the features of a signed SAE of differences of mean activations after the last
 * block (WIMHF, with the base in place of an embedding service), 4 of which are kept per pair.
 */
export const createDifferenceFinder = ({
  features,
}: {
  /** Features of the SAE. */
  readonly features: number;
}): PropertyFinder => ({
  name: 'difference-features',
  settings: { features, pairs: PAIRS, drawn: DRAWN },
  mostPairs: PAIRS,
  mostReplies: Infinity,
  find: ({ base: model, ...options }) =>
    differenceProperties({ model, ...options, sae: { features, active: Math.min(4, features) } }),
});
