import type { LanguageModel, Random } from '@feedprint/core';

/** Most numbers of a model of which a noisy copy is made: it is held in memory besides the model. */
const MOST = 2 ** 29;

/**
 * `base` with every parameter moved as far as tuning moved it (L2), in a direction drawn at random. It shares what it can with `base`, which must
 * outlive it. `undefined` where parameters cannot be exchanged, do not match, or are more than 2^29 numbers.
 */
export function noisyModel(
  base: LanguageModel,
  tuned: LanguageModel,
  random: Random,
): LanguageModel | undefined {
  if (!base.withParameters) return undefined;
  const before = new Map([...base.parameters()].map((tensor) => [tensor.name, tensor]));
  const total = [...before.values()].reduce(
    (sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1),
    0,
  );
  if (total > MOST) return undefined;
  const changed = new Map<string, Float32Array>();
  for (const after of tuned.parameters()) {
    const own = before.get(after.name);
    // What is shared is moved where it is, once.
    if (after.sameAs !== undefined) continue;
    if (own?.shape.join() !== after.shape.join()) return undefined;
    const moved = distance(own.data, after.data);
    if (moved > 0) changed.set(after.name, withNoise(own.data, moved, random.fork(after.name)));
  }
  for (const { name, sameAs } of before.values()) {
    const shared = sameAs === undefined ? undefined : changed.get(sameAs);
    if (shared) changed.set(name, shared);
  }
  return base.withParameters(changed);
}

const distance = (a: Float32Array, b: Float32Array): number =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0));

function withNoise(values: Float32Array, length: number, random: Random): Float32Array {
  const noise = Float64Array.from(values, () => random.normal());
  const scale = length / Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0));
  return values.map((value, i) => value + scale * (noise[i] as number));
}
