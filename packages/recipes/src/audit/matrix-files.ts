import { join } from 'node:path';
import { matrix, openSafetensors, writeSafetensors } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';

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
  folder: string,
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
