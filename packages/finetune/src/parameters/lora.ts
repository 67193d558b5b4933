import type { CheckpointModel } from '@feedprint/activations';
import { linearLayers } from '@feedprint/activations/forward';
import type { Linear, Weights } from '@feedprint/activations/forward';
import { FeedprintError, createRandom } from '@feedprint/core';
import { add, linear, mul } from '@feedprint/graph';
import type { LoraSettings, PlannedParameter } from './trainable.ts';

/** The update of one layer. */
export interface LoraLayer {
  /** Names of A `[rank, input]` and B `[output, rank]`. */
  readonly a: string;
  readonly b: string;
  readonly rank: number;
  readonly input: number;
  readonly output: number;
  /** alpha / rank. */
  readonly scale: number;
  /** The weight is stored as `[input, output]`. */
  readonly inputFirst: boolean;
}

/** Factors for the layers that the settings name. Throws `usage` if there is none. */
export function loraParameters(
  { name, checkpoint }: CheckpointModel,
  { rank, alpha, targets }: LoraSettings,
  seed: number,
): {
  readonly parameters: PlannedParameter[];
  readonly layers: ReadonlyMap<string, LoraLayer>;
} {
  const all = linearLayers(checkpoint.decoder);
  const wanted = all.filter(({ weight }) => !targets || targets.some((end) => hasEnd(weight, end)));
  if (wanted.length === 0) {
    throw new FeedprintError({
      code: 'usage',
      message: `no linear layer of ${name} is called ${targets?.join(' or ')}`,
      remedy: `use ends of names such as ${all.slice(0, 4).map(moduleOf).join(', ')}`,
    });
  }
  const layers = new Map<string, LoraLayer>();
  for (const { weight, layout } of wanted) {
    const inputFirst = layout === 'input-output';
    const [first, second] = checkpoint.infoOf(weight)?.shape as [number, number];
    const [output, input] = inputFirst ? [second, first] : [first, second];
    const module = moduleOf({ weight });
    const names = { a: `${module}.lora_A.weight`, b: `${module}.lora_B.weight` };
    layers.set(weight, { ...names, rank, input, output, scale: alpha / rank, inputFirst });
  }
  return { parameters: [...layers.values()].flatMap((layer) => factors(layer, seed)), layers };
}

/** A begins uniform within 1 / sqrt(input), as in peft; B at 0, so that the model begins as it was. */
const factors = ({ a, b, rank, input, output }: LoraLayer, seed: number): PlannedParameter[] => [
  {
    name: a,
    shape: [rank, input],
    initial() {
      const random = createRandom(seed).fork(a);
      const draw = (): number => (2 * random.next() - 1) / Math.sqrt(input);
      return Float32Array.from({ length: rank * input }, draw);
    },
  },
  { name: b, shape: [output, rank], initial: () => new Float32Array(output * rank) },
];

/** Weights whose linear layers add their updates. */
export const withLora = (weights: Weights, layers: ReadonlyMap<string, LoraLayer>): Weights => ({
  ...weights,
  apply(x, layer, output) {
    const plain = weights.apply(x, layer, output);
    const update = layers.get(layer.weight);
    if (!update) return plain;
    const { a, b, rank, input, scale } = update;
    const factor = (name: string, shape: readonly number[]) => weights.tensor(x.graph, name, shape);
    const low = linear(x, factor(a, [rank, input]));
    return add(plain, mul(linear(low, factor(b, [output, rank])), scale));
  },
});

/** The module that a weight belongs to. */
export const moduleOf = ({ weight }: Pick<Linear, 'weight'>): string =>
  weight.replace(/\.weight$/, '');

/** Whether the name of the module of a weight ends with these parts. */
export const hasEnd = (weight: string, end: string): boolean => {
  const module = moduleOf({ weight });
  return module === end || module.endsWith(`.${end}`);
};
