import { statSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { FeedbackSignal } from '@feedprint/core';
import { hashOf, readJson } from '@feedprint/pipeline';
import { readEvidenceSource } from '../audit/features/evidence-source.ts';
import type { AuditParts } from '../audit/parts.ts';
import { enrichLabels } from './enrich-labels.ts';
import { evidenceListSchema } from './evidence-schema.ts';
import type { LabelSource } from './label-source.ts';
import { stagesNamed } from './stages-named.ts';

export interface AuditSourceOptions {
  /** Folder of the audit's run. */
  readonly folder: string;
  /** Most features, those that have most to do with the feedback first. */
  readonly limit: number;
  readonly parts: Pick<AuditParts, 'activations' | 'saeFormat' | 'statistics'>;
}

export interface AuditLabelSource extends LabelSource {
  /** By which the audit classified. */
  readonly question: string;
  /** The audit's feedback on the tokens of its texts. */
  readonly signal: Pick<FeedbackSignal<'token'>, 'score'>;
}

/**
 * The features that an audit labelled, with the evidence that it kept, and the question that it classified by. No model
 * is needed. Throws `run-invalid` for a folder without an audit that got so far.
 */
export async function auditSource({
  folder,
  limit,
  parts,
}: AuditSourceOptions): Promise<AuditLabelSource> {
  const [stage] = stagesNamed(folder, 'evidence').sort((a, b) => timeOf(b) - timeOf(a));
  if (stage === undefined) {
    throw new FeedprintError({
      code: 'run-invalid',
      message: `${folder} holds no audit that has gathered evidence of features`,
      remedy: 'name the folder of an audit that was run without --quick',
    });
  }
  const source = await readEvidenceSource(stage);
  const all = await readJson(stage, 'evidence.json', evidenceListSchema);
  const evidence = all.slice(0, limit);
  const stated = new Map(source.words.map(({ word, stated: value }) => [word, value]));
  return {
    question: source.question,
    signal: { score: async (tokens) => tokens.map((token) => stated.get(token)) },
    identity: { audit: hashOf({ source, evidence }) },
    gather: async () => evidence,
    enrich: (labels) => enrichLabels(labels, { folder, source, parts }),
  };
}

const timeOf = (stage: string): number => statSync(join(stage, 'evidence.json')).mtimeMs;
