import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { predictionSchema } from './schema.ts';
import type { Prediction } from './schema.ts';

/** `predict.json` of a prediction's folder. Throws `run-invalid` if there is none, or one of another form. */
export async function readPrediction(run: string): Promise<Prediction> {
  const path = join(run, 'predict.json');
  try {
    return predictionSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new FeedprintError({
      code: 'run-invalid',
      message: `${path} is no prediction`,
      remedy: 'name the folder of one that is finished (feedprint predict --out)',
      cause,
    });
  }
}
