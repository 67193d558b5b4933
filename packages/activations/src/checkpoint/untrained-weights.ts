import { createRandom } from '@feedprint/core';
import type { WeightSource } from './weight-source.ts';

/** Norms, by any architecture's name for them: `ln_1`, `final_layer_norm`, `q_norm`. */
const normalisation = /(^|\.)(ln_\w+|\w*norm\w*)\.(weight|bias)$/i;

/**
 * A source of the same tensors whose numbers were never trained: each is drawn from the normal distribution with its
 * own mean and standard deviation, determined by `seed` and its name alone. Norms keep their weights, so that the scale
 * of activations stays the same.
 */
export function untrainedWeights(trained: WeightSource, seed: number): WeightSource {
  return {
    ...trained,
    read(wanted) {
      const name = trained.tensors.get(wanted)?.sameAs ?? wanted;
      const weight = trained.read(name);
      return normalisation.test(name) ? weight : redrawn(weight, seed, name);
    },
  };
}

function redrawn(weight: Float32Array, seed: number, name: string): Float32Array {
  let [sum, squares] = [0, 0];
  for (const value of weight) sum += value;
  const mean = sum / weight.length;
  for (const value of weight) squares += (value - mean) ** 2;
  const deviation = Math.sqrt(squares / weight.length);
  const random = createRandom(seed).fork(`untrained ${name}`);
  return weight.map(() => mean + deviation * random.normal());
}
