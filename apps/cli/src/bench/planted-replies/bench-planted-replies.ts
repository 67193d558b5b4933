import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chosenConstants } from '@feedprint/probe';
import { hashOf } from '@feedprint/pipeline';
import { version } from '../../version.ts';
import { benchModel } from './bench-model.ts';
import { ABSENT_Z, LEARNED_Z } from './cell-truth.ts';
import type { PlantedModelFolder } from './find-models.ts';
import type { RepliesBench } from './replies-bench.ts';
import { repliesResultSchema } from './result-schema.ts';
import type { ModelResult, RepliesResult } from './result-schema.ts';
import { summarizeReplies } from './summarize.ts';

/**
 * Audits models in which properties of replies were planted, and scores what is said of each property of each model against what the models write. Every
 * audit is kept under `out`, so that an interrupted bench continues.
 */
export async function benchPlantedReplies(
  folders: readonly PlantedModelFolder[],
  bench: RepliesBench,
): Promise<RepliesResult> {
  const models: ModelResult[] = [];
  for (const folder of folders) {
    bench.say(`${folder.name}: properties`);
    models.push(await benchModel(folder, bench));
  }
  const configuration = configurationOf(folders, bench);
  return repliesResultSchema.parse({
    format: 'feedprint-bench-planted-replies/1',
    feedprint: version,
    configuration,
    hash: hashOf(configuration),
    models,
    summary: summarizeReplies(models),
  } satisfies RepliesResult);
}

const sha256 = (file: string): string =>
  createHash('sha256').update(readFileSync(file)).digest('hex');

/** Everything that decides the figures. */
const configurationOf = (
  folders: readonly PlantedModelFolder[],
  { settings, threads }: RepliesBench,
): RepliesResult['configuration'] => ({
  ...{ settings, threads },
  truth: { LEARNED_Z, ABSENT_Z },
  constants: chosenConstants.map(({ name, value }) => [name, value]),
  models: folders.map(({ name, base, tuned, pairs }) => ({
    model: name,
    base: sha256(join(base, 'model.safetensors')),
    tuned: sha256(join(tuned, 'model.safetensors')),
    feedback: sha256(join(tuned, 'feedback.json')),
    pairs: sha256(pairs),
  })),
});
