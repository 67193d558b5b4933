import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FeedprintError, matrix, openSafetensors, writeSafetensors } from '@feedprint/core';
import type { Artifact, Matrix } from '@feedprint/core';
import { canonicalJson } from '../canonical-json.ts';

/** Writes a stage's JSON with sorted keys, so that equal values are equal bytes. */
export async function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  await writeFile(join(folder, name), canonicalJson(value));
}

/** Reads JSON that a stage of this audit wrote; its manifest has been verified. */
export async function readJson<T>({ folder }: Artifact, name: string): Promise<T> {
  return JSON.parse(await readFile(join(folder, name), 'utf8')) as T;
}

export function writeMatrices(
  folder: string,
  name: string,
  matrices: Readonly<Record<string, Matrix>>,
): void {
  writeSafetensors(
    join(folder, name),
    Object.fromEntries(
      Object.entries(matrices).map(([key, m]) => [
        key,
        { shape: [m.rows, m.columns], data: m.data },
      ]),
    ),
  );
}

/** Reads matrices that `writeMatrices` wrote. */
export function readMatrices<K extends string>(
  { folder }: Artifact,
  name: string,
  keys: readonly K[],
): Record<K, Matrix> {
  const file = openSafetensors(join(folder, name));
  try {
    return Object.fromEntries(
      keys.map((key) => {
        const [rows = 0, columns = 1] = file.tensors.get(key)?.shape ?? [];
        return [key, matrix(rows, columns, file.readFloats(key))];
      }),
    ) as Record<K, Matrix>;
  } finally {
    file.close();
  }
}

/** For things that an audit's own order of stages guarantees. */
export function known<T>(value: T | undefined, what: string): T {
  if (value !== undefined) return value;
  throw new FeedprintError({
    code: 'internal',
    message: `${what} is missing`,
    remedy: 'report this with the run folder',
  });
}
