import type { FeatureEvidence } from '@feedprint/core';
import { readJson } from '@feedprint/pipeline';
import { readEvidenceSource } from '../audit/features/evidence-source.ts';
import { evidenceListSchema } from '../labels/evidence-schema.ts';
import { latestStage } from '../labels/stages-named.ts';

/** What the labeler of an audit was asked, and shown of each feature, by its id. Throws `run-invalid` for a run that gathered none. */
export async function readEvidence(folder: string): Promise<{
  readonly question: string;
  readonly features: ReadonlyMap<string, FeatureEvidence>;
}> {
  const stage = latestStage(folder, 'evidence');
  const { question } = await readEvidenceSource(stage);
  const evidence = await readJson(stage, 'evidence.json', evidenceListSchema);
  return { question, features: new Map(evidence.map((one) => [one.id, one])) };
}
