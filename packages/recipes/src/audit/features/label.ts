import type { ActivationExample, Artifact } from '@feedprint/core';
import { known, readJson, writeJson } from './files.ts';
import type { AuditContext } from './context.ts';
import { readAttribution } from './attribute.ts';
import type { CarrierFeature } from './attribute.ts';
import { gatherEvidence } from './evidence.ts';
import { readFeatureDiscrepancies } from './feature-discrepancies.ts';

/** What was found out about one feature before the validation. */
export interface LabeledFeature extends CarrierFeature {
  readonly label: string | null;
  readonly related: boolean | null;
  readonly labelScore: number | null;
  readonly examples: readonly ActivationExample[];
}

/** Explains the kept features that have most to do with the feedback, classifies and scores the explanations. */
export function labelStage(
  context: AuditContext,
  inputs: {
    readonly attribute: Artifact;
    readonly contradicting: Artifact;
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
    inputs: [inputs.attribute, inputs.contradicting],
    work: async (folder, stage) => {
      const { features } = await readAttribution(inputs.attribute);
      const { shown } = await readFeatureDiscrepancies(inputs.contradicting);
      const chosen = candidates(features, settings.labeled, shown);
      const refs = chosen.map(({ site, feature }) => ({
        site: known(
          context.sites.find((s) => s.site === site),
          site,
        ),
        feature,
      }));
      const evidence = await gatherEvidence(context, refs, inputs.saes);
      const labeled: LabeledFeature[] = [];
      for (const [i, feature] of chosen.entries()) {
        const seen = known(evidence[i], feature.id);
        const label = seen.top.length === 0 ? undefined : await parts.labeler.explain(seen);
        const classification =
          label === undefined ? undefined : await parts.labeler.classify(label, question);
        const score = label === undefined ? undefined : await parts.labeler.score(label, seen);
        labeled.push({
          ...feature,
          label: label ?? null,
          related: classification?.related ?? null,
          labelScore: score?.balancedAccuracy ?? null,
          examples: seen.top.slice(0, 4),
        });
        stage.progress(i + 1, chosen.length, 'features');
      }
      await writeJson(folder, 'labels.json', labeled);
    },
  });
}

export const readLabels = (artifact: Artifact): Promise<readonly LabeledFeature[]> =>
  readJson(artifact, 'labels.json');

/** Half by how much of the shift they carry, half by how much they stand on scored tokens, then those that contradict; none twice. */
function candidates(
  features: readonly CarrierFeature[],
  count: number,
  contradicting: readonly string[],
): CarrierFeature[] {
  if (count === 0) return [];
  const by = (value: (feature: CarrierFeature) => number): CarrierFeature[] =>
    [...features].sort(
      (a, b) => Math.abs(value(b)) - Math.abs(value(a)) || a.id.localeCompare(b.id),
    );
  const carrying = by(({ carries }) => carries).slice(0, Math.ceil(count / 2));
  const standing = by(({ onFeedback }) => onFeedback).filter(
    (feature) => !carrying.includes(feature),
  );
  const chosen = [...carrying, ...standing.slice(0, count - carrying.length)];
  return [
    ...chosen,
    ...contradicting.flatMap((id) => features.filter((f) => f.id === id && !chosen.includes(f))),
  ];
}
