import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { readJson } from '@feedprint/pipeline';
import { stagesNamed } from './stages-named.ts';
import { evidenceListSchema } from './evidence-schema.ts';
import { labelsSchema } from './label-run.ts';
import type { LabelResult } from './label-run.ts';

/** The labels in the folder of a label run, with the evidence that they rest on. Throws `run-invalid` for another folder. */
export async function readLabels(folder: string): Promise<LabelResult> {
  if (!existsSync(join(folder, 'labels.json'))) {
    throw new FeedprintError({
      code: 'run-invalid',
      message: `${folder} holds no labels`,
      remedy: 'name a folder of feedprint label: labels/offline below an audit',
    });
  }
  const labels = await readJson(folder, 'labels.json', labelsSchema);
  for (const stage of stagesNamed(folder, 'evidence')) {
    const evidence = await readJson(stage, 'evidence.json', evidenceListSchema);
    const isTheirs =
      evidence.length === labels.features.length &&
      evidence.every(({ id }, i) => id === labels.features[i]?.id);
    if (isTheirs) return { labels, evidence, file: join(folder, 'labels.json') };
  }
  throw new FeedprintError({
    code: 'run-invalid',
    message: `${folder} no longer holds the evidence that its labels rest on`,
    remedy: 'run the same feedprint label again',
  });
}
