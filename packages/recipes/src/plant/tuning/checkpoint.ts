import { existsSync } from 'node:fs';
import { openSafetensors, writeSafetensors } from '@feedprint/core';
import { replaceFile } from '@feedprint/core/files';
import type { Metrics, TrainerState } from '@feedprint/finetune';

/** From where an interrupted tuning continues. */
export interface Checkpoint {
  readonly state: TrainerState;
  /** What was measured until then, piece by piece. */
  readonly log: readonly Metrics[];
}

/** Writes a checkpoint as a whole or not at all. */
export async function writeCheckpoint(file: string, { state, log }: Checkpoint): Promise<void> {
  const { step, ...arrays } = state;
  const tensors = Object.entries(arrays).map(
    ([name, data]) => [name, { data, shape: [data.length] }] as const,
  );
  await replaceFile(file, (aside) => {
    writeSafetensors(aside, Object.fromEntries(tensors), {
      step: String(step),
      log: JSON.stringify(log),
    });
  });
}

/** The checkpoint in a file, if there is one. */
export function readCheckpoint(path: string): Checkpoint | undefined {
  if (!existsSync(path)) return undefined;
  const file = openSafetensors(path);
  try {
    const { step, log = '[]' } = file.metadata;
    const [values, m, v] = ['values', 'm', 'v'].map((name) => file.readFloats(name)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    return { state: { step: Number(step), values, m, v }, log: JSON.parse(log) as Metrics[] };
  } finally {
    file.close();
  }
}
