import { join } from 'node:path';
import { predictPairs, predictSettingsSchema, readNamedPairs } from '@feedprint/recipes';
import { openTrainable } from '../../finetune/open-trainable.ts';
import { version } from '../../version.ts';
import type { PlantedModelFolder } from './find-models.ts';
import type { RepliesBench } from './replies-bench.ts';

/** Predicts from base and pairs alone what tuning on them would teach. Returns the folder of the prediction. */
export async function predictModel(
  { name, base, pairs: file }: Pick<PlantedModelFolder, 'name' | 'base' | 'pairs'>,
  { out, settings, threads, signal, onEvent }: RepliesBench,
): Promise<string> {
  const folder = join(out, `${name}-predicted`);
  const pairs = await readNamedPairs(file, { signal });
  const model = await openTrainable(base, { threads });
  try {
    await predictPairs({
      ...{ base: model, pairs, threads, out: folder, version, signal, onEvent },
      settings: predictSettingsSchema.parse(settings),
    });
  } finally {
    await model.dispose();
  }
  return folder;
}

/**
 * Whether the pairs hold the labels that tuning went by, so that it can be foretold from them: not where tuning used others than those that were
 * written.
 */
export const canBeForetold = ({
  planted,
  inPairs,
}: Pick<PlantedModelFolder, 'planted' | 'inPairs'>): boolean =>
  Object.keys(planted).length === 0 || inPairs.planted;
