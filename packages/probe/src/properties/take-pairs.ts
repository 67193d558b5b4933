import type { LabelledReplies } from './property-evidence.ts';

/** The entries of a column at these places. */
export const takeAt = (column: Float64Array, places: Int32Array): Float64Array =>
  Float64Array.from(places, (place) => column[place] as number);

/** What is known of the pairs at these places, but for their properties. */
export const takePairs = (
  { weights, ties, groups }: Omit<LabelledReplies, 'chosen' | 'rejected'>,
  places: Int32Array,
): Omit<LabelledReplies, 'chosen' | 'rejected'> => ({
  weights: takeAt(weights, places),
  ties: Uint8Array.from(places, (place) => ties[place] as number),
  groups: Int32Array.from(places, (place) => groups[place] as number),
});
