import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { FeedprintError, openSafetensors, writeSafetensors } from '@feedprint/core';
import { z } from 'zod';
import type { RowStreamState } from './row-stream.ts';

/** Everything that training needs to continue as if it had never stopped. */
export interface Checkpoint {
  /** Steps taken. */
  readonly step: number;
  /** Position in the stream of rows, if the number of steps does not determine it. */
  readonly stream?: RowStreamState;
  /** By job: the state of its session, and how many features were dead after the last step. */
  readonly jobs: Readonly<Record<string, JobState>>;
}

export interface JobState {
  readonly state: Readonly<Record<string, Float32Array>>;
  readonly dead: number;
}

const metadataSchema = z.object({
  format: z.literal('feedprint-training/1'),
  key: z.string(),
  step: z.coerce.number().int().nonnegative(),
  batches: z.coerce.number().int().nonnegative(),
  chunks: z.coerce.number().int().nonnegative(),
  dead: z.string(),
});

const deadSchema = z.record(z.string(), z.number());

/** Everything that determines the result of a training run, as a key. */
export const checkpointKey = (identity: unknown): string =>
  createHash('sha256').update(JSON.stringify(identity)).digest('hex');

const fileOf = (folder: string): string => join(folder, 'checkpoint.safetensors');

/** Replaces the folder's checkpoint in one rename: if the process is killed, the previous one remains. Throws `output-unwritable`. */
export async function writeCheckpoint(
  folder: string,
  key: string,
  { step, stream, jobs }: Checkpoint,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const tensors = Object.entries(jobs).flatMap(([job, { state }]) =>
    Object.entries(state).map(
      ([name, data]) => [`${job}/${name}`, { shape: [data.length], data }] as const,
    ),
  );
  const dead = Object.fromEntries(Object.entries(jobs).map(([job, state]) => [job, state.dead]));
  const aside = `${fileOf(folder)}.part`;
  writeSafetensors(
    aside,
    {
      ...(stream && { waiting: { shape: [stream.waiting.length], data: stream.waiting } }),
      ...Object.fromEntries(tensors),
    },
    {
      format: 'feedprint-training/1',
      key,
      step: `${step}`,
      batches: `${stream?.batches ?? 0}`,
      chunks: `${stream?.chunks ?? 0}`,
      dead: JSON.stringify(dead),
    },
  );
  await rename(aside, fileOf(folder));
}

/** The folder's checkpoint, if there is one. Throws `run-invalid` for one of another training run or a damaged one. */
export function readCheckpoint(folder: string, key: string): Checkpoint | undefined {
  if (!existsSync(fileOf(folder))) return undefined;
  const file = openSafetensors(fileOf(folder));
  try {
    const metadata = metadataSchema.safeParse(file.metadata).data;
    if (metadata?.key !== key) throw otherTraining(folder);
    const dead = deadSchema.parse(JSON.parse(metadata.dead));
    const jobs: Record<string, { state: Record<string, Float32Array>; dead: number }> = {};
    for (const [job, count] of Object.entries(dead)) jobs[job] = { state: {}, dead: count };
    for (const name of file.tensors.keys()) {
      if (name === 'waiting') continue;
      const at = name.lastIndexOf('/');
      const job = jobs[name.slice(0, at)];
      if (!job) throw otherTraining(folder);
      job.state[name.slice(at + 1)] = file.readFloats(name);
    }
    const { step, batches, chunks } = metadata;
    if (!file.tensors.has('waiting')) return { step, jobs };
    return { step, stream: { batches, chunks, waiting: file.readInts('waiting') }, jobs };
  } finally {
    file.close();
  }
}

const otherTraining = (folder: string): FeedprintError =>
  new FeedprintError({
    code: 'run-invalid',
    message: `${folder} holds the checkpoint of another training run`,
    remedy: 'use the settings, activations and jobs that it was started with, or another folder',
  });
