/** Id of the card of a feature on the page, by its place among the report's features, from 1. */
export const featureAnchor = (rank: number): string => `feature-${rank}`;

/** Feature id -> id of its card on the page; none where the report does not show features. */
export function featureAnchors({
  features = [],
}: {
  readonly features?: readonly { readonly id: string }[];
}): ReadonlyMap<string, string> {
  return new Map(features.map((feature, i) => [feature.id, featureAnchor(i + 1)]));
}
