import type { AuditReport } from '@feedprint/core';

/** Feature id -> id of its card on the page. */
export function featureAnchors({ features }: AuditReport): ReadonlyMap<string, string> {
  return new Map(features.map((feature, i) => [feature.id, `feature-${i + 1}`]));
}
