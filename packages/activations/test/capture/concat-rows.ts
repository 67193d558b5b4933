import { matrix } from '@feedprint/core';
import type { ActivationRows, Matrix } from '@feedprint/core';

/** Parts as one, whether they fit each other or not. */
export function concatRows(parts: readonly ActivationRows[]): ActivationRows {
  const ints = (name: 'text' | 'position' | 'token'): Int32Array =>
    Int32Array.from(parts.flatMap((part) => [...part[name]]));
  const [first] = parts as readonly [ActivationRows];
  const activations = new Map<string, Matrix>();
  for (const [site, { columns }] of first.activations) {
    const matrices = parts.flatMap((part) => part.activations.get(site) ?? []);
    const data = Float32Array.from(matrices.flatMap((m) => [...m.data]));
    activations.set(
      site,
      matrix(
        Math.floor(data.length / columns),
        columns,
        data.slice(0, Math.floor(data.length / columns) * columns),
      ),
    );
  }
  return { text: ints('text'), position: ints('position'), token: ints('token'), activations };
}
