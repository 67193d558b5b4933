import type { FeatureEvidence } from '@feedprint/core';

/** A feature with its label, to be written in the format of another tool. */
export interface ExportedFeature {
  readonly evidence: FeatureEvidence;
  readonly label: string | null;
  /** Name of what explained it. */
  readonly labeler: string;
}

/** Where a feature's id says that it is: `blocks.3.hook_mlp_out/7`. */
export function placeOf(id: string): {
  readonly site: string;
  readonly layer: number;
  readonly index: number;
} {
  const at = id.lastIndexOf('/');
  const site = id.slice(0, at);
  return { site, layer: Number(/\d+/.exec(site)?.[0] ?? 0), index: Number(id.slice(at + 1)) };
}
