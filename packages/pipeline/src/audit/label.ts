import type { ActivationExample, Artifact } from '@feedprint/core';
import { known, readJson, writeJson } from './files.ts';
import type { AuditContext } from './context.ts';
import { readAttribution } from './estimate.ts';
import { featureId, gatherEvidence } from './evidence.ts';
import type { FeatureRef } from './evidence.ts';
import { readMatches } from './match.ts';

/** What was found out about one feature before the validation. */
export interface LabeledFeature {
  readonly id: string;
  readonly site: string;
  readonly feature: number;
  readonly matchedBase: number;
  readonly matchedLarge: number;
  readonly weight: number;
  readonly label: string | null;
  readonly related: boolean | null;
  readonly labelScore: number | null;
  readonly examples: readonly ActivationExample[];
}

/** Explains the matched features that carry the estimate most, classifies and scores the explanations. */
export function labelStage(
  context: AuditContext,
  inputs: {
    readonly match: Artifact;
    readonly estimate: Artifact;
    readonly saes: ReadonlyMap<string, Artifact>;
  },
  question: string,
): Promise<Artifact> {
  const { parts, settings, identity } = context;
  return context.runner.run({
    name: 'label',
    config: {
      identity,
      labeler: parts.labeler.name,
      question,
      labeled: settings.labeled,
      seed: settings.seed,
    },
    inputs: [inputs.match, inputs.estimate],
    work: async (folder, stage) => {
      const candidates = await carriers(context, inputs.match, inputs.estimate);
      const evidence = await gatherEvidence(
        context,
        candidates.map(({ ref }) => ref),
        inputs.saes,
      );
      const labeled: LabeledFeature[] = [];
      for (const [i, { ref, weight, base, large }] of candidates.entries()) {
        const seen = known(evidence[i], featureId(ref));
        const label = seen.top.length === 0 ? undefined : await parts.labeler.explain(seen);
        const classification =
          label === undefined ? undefined : await parts.labeler.classify(label, question);
        const score = label === undefined ? undefined : await parts.labeler.score(label, seen);
        labeled.push({
          id: featureId(ref),
          site: ref.site.site,
          feature: ref.feature,
          matchedBase: base,
          matchedLarge: large,
          weight,
          label: label ?? null,
          related: classification?.related ?? null,
          labelScore: score?.balancedAccuracy ?? null,
          examples: seen.top.slice(0, 4),
        });
        stage.progress(i + 1, candidates.length, 'features');
      }
      await writeJson(folder, 'labels.json', labeled);
    },
  });
}

export const readLabels = (artifact: Artifact): Promise<readonly LabeledFeature[]> =>
  readJson(artifact, 'labels.json');

interface Carrier {
  readonly ref: FeatureRef;
  readonly weight: number;
  readonly base: number;
  readonly large: number;
}

/** Kept features of all sites by the size of their weight in the attribution. */
async function carriers(
  context: AuditContext,
  match: Artifact,
  estimate: Artifact,
): Promise<Carrier[]> {
  const { weights } = readAttribution(estimate);
  const matches = await readMatches(match);
  const all = matches.flatMap(({ site, kept }) => {
    const offset = featureOffset(context, site);
    const place = known(
      context.sites.find((s) => s.site === site),
      site,
    );
    return kept.map(({ feature, large, base }): Carrier => ({
      ref: { site: place, feature },
      weight: weights.data[offset + feature] ?? 0,
      base,
      large,
    }));
  });
  return all
    .sort(
      (a, b) =>
        Math.abs(b.weight) - Math.abs(a.weight) || featureId(a.ref).localeCompare(featureId(b.ref)),
    )
    .slice(0, context.settings.labeled);
}

/** Column at which a site's small SAE begins in the concatenated features. */
export function featureOffset({ sites, settings }: AuditContext, site: string): number {
  const before = sites.slice(
    0,
    sites.findIndex((s) => s.site === site),
  );
  return before.reduce(
    (sum, { width }) => sum + Math.max(1, Math.round(width * settings.widths[0])),
    0,
  );
}
