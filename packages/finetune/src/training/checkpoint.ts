import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError, openSafetensors, writeSafetensors } from '@feedprint/core';
import { makeFolder, replaceFile } from '@feedprint/core/files';
import { z } from 'zod';
import type { TrainerState } from '../trainer/create-trainer.ts';
import type { HistoryState } from './history.ts';

/** Everything that a training needs to continue as if it had never stopped. */
export interface TrainingCheckpoint {
  readonly trainer: TrainerState;
  readonly history: HistoryState;
}

const metrics = z.record(z.string(), z.number());
const historySchema = z.object({
  points: z.array(z.object({ step: z.int(), metrics })),
  sums: metrics,
  counts: metrics,
});
const metadataSchema = z.object({
  format: z.literal('feedprint-finetuning/1'),
  key: z.string(),
  step: z.coerce.number().int().nonnegative(),
  history: z.string(),
});

/** A key of everything that decides the result of a training; arrays of numbers count by their bytes. */
export const trainingKey = (identity: unknown): string =>
  createHash('sha256')
    .update(
      JSON.stringify(identity, (_, value: unknown) =>
        ArrayBuffer.isView(value)
          ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
          : value,
      ),
    )
    .digest('hex');

/** Where a folder keeps its checkpoint. */
export const checkpointFile = (folder: string): string => join(folder, 'checkpoint.safetensors');

/** Replaces the folder's checkpoint in one rename: if the process is killed, the previous one remains. Throws `output-unwritable`. */
export async function writeTrainingCheckpoint(
  folder: string,
  key: string,
  { trainer: { step, ...arrays }, history }: TrainingCheckpoint,
): Promise<void> {
  makeFolder(folder);
  const tensors = Object.entries(arrays).map(([name, data]) => [
    name,
    { shape: [data.length], data },
  ]);
  await replaceFile(checkpointFile(folder), (aside) =>
    writeSafetensors(aside, Object.fromEntries(tensors), {
      format: 'feedprint-finetuning/1',
      key,
      step: `${step}`,
      history: JSON.stringify(history),
    }),
  );
}

/** The folder's checkpoint, if there is one. Throws `run-invalid` for one of another training. */
export function readTrainingCheckpoint(
  folder: string,
  key: string,
): TrainingCheckpoint | undefined {
  if (!existsSync(checkpointFile(folder))) return undefined;
  const file = openSafetensors(checkpointFile(folder));
  try {
    const metadata = metadataSchema.safeParse(file.metadata).data;
    if (metadata?.key !== key) throw otherTraining(folder);
    const history = historySchema.parse(JSON.parse(metadata.history));
    const [values, m, v] = ['values', 'm', 'v'].map((name) => file.readFloats(name)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    return { trainer: { step: metadata.step, values, m, v }, history };
  } finally {
    file.close();
  }
}

const otherTraining = (folder: string): FeedprintError =>
  new FeedprintError({
    code: 'run-invalid',
    message: `${folder} holds the checkpoint of another training`,
    remedy: 'use the model, data and settings that it was started with, or another folder',
  });
