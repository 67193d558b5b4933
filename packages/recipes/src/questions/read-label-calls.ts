import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Labeler } from '@feedprint/core';
import { createModelLabeler, createRecordedChat, openAnswerFile } from '@feedprint/labeling';
import type { ChatCall } from '@feedprint/labeling';
import { readEvidence } from './read-evidence.ts';

/** What a call to the chat model was for. */
export const labelSteps = ['explain', 'classify', 'detect', 'fuzz'] as const;

/** A call to the chat model behind a label. */
export interface LabelCall extends ChatCall {
  readonly step: (typeof labelSteps)[number];
}

/**
 * The calls to a chat model behind the label of a feature of an audit: the labeler asks its record again. None for a label that no chat
 * model wrote, and where the record does not say what was asked. Throws `run-invalid` for a run that gathered no evidence.
 */
export async function readLabelCalls(folder: string, id: string): Promise<LabelCall[]> {
  const file = join(folder, 'answers.jsonl');
  const { question, features } = await readEvidence(folder);
  const evidence = features.get(id);
  const calls = existsSync(file) ? openAnswerFile(file).calls() : [];
  if (!evidence || calls.length === 0) return [];
  const found: LabelCall[] = [];
  const ask = async <T>(
    step: LabelCall['step'],
    use: (labeler: Labeler) => Promise<T> | undefined,
  ): Promise<T | undefined> => {
    const { chat, heard } = createRecordedChat('record', calls);
    const said = await use(createModelLabeler({ chat }));
    found.push(...heard.map((call) => ({ ...call, step })));
    return said;
  };
  const label = await ask('explain', (labeler) => labeler.explain(evidence));
  if (label === undefined) return found;
  await ask('classify', (labeler) => labeler.classify(label, question));
  await ask('detect', (labeler) => labeler.score(label, evidence));
  await ask('fuzz', (labeler) => labeler.fuzz?.(label, evidence));
  return found;
}
