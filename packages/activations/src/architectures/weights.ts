import type { Graph, Tensor, Value } from '@feedprint/graph';
import { add, linear, matmul } from '@feedprint/graph';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Linear } from './decoder.ts';

/** A checkpoint's weights as tensors of any number of graphs, which all share one copy in memory. */
export interface Weights {
  /** A weight in the shape in which it is stored. */
  tensor(graph: Graph, name: string, shape: readonly number[]): Tensor;
  /** A linear layer on `x` `[rows, input]`. */
  apply(x: Tensor, layer: Linear, output: number): Tensor;
  /**
   * Values of the graph inputs that are weights; each is read when it is first asked for. Weights that share their numbers are inputs of
   * their own, fed with the same copy.
   */
  values(inputs: readonly string[]): Record<string, Value>;
}

export interface WeightOptions {
  /**
   * Makes weights constants of each graph, so that a device with its own memory receives them once. Default: they are
   * fed to each run.
   */
  readonly compiledIn?: boolean;
}

/** Errors of `Checkpoint.weight` come from `values`, and from `tensor` where weights are compiled in. */
export function createWeights(
  checkpoint: Pick<Checkpoint, 'infoOf' | 'weight'>,
  { compiledIn = false }: WeightOptions = {},
): Weights {
  const known = new Map<string, Value>();
  const stored = (name: string): string => checkpoint.infoOf(name)?.sameAs ?? name;
  const read = (name: string, shape: readonly number[]): Value => {
    const value = known.get(name) ?? { data: checkpoint.weight(name, shape), shape };
    known.set(name, value);
    return value;
  };
  const weights: Weights = {
    tensor(graph, name, shape) {
      if (!compiledIn) return graph.input(name, 'float32', shape);
      return graph.constant(read(stored(name), shape).data, shape, stored(name));
    },
    apply(x, { weight, bias, layout = 'output-input' }, output) {
      const input = x.shape[1] as number;
      const b = bias === undefined ? undefined : weights.tensor(x.graph, bias, [output]);
      if (layout === 'output-input') {
        return linear(x, weights.tensor(x.graph, weight, [output, input]), b);
      }
      const product = matmul(x, weights.tensor(x.graph, weight, [input, output]));
      return b ? add(product, b) : product;
    },
    values: (inputs) =>
      Object.fromEntries(
        inputs.flatMap((name) => {
          const info = checkpoint.infoOf(name);
          return info ? [[name, read(info.sameAs ?? name, info.shape)]] : [];
        }),
      ),
  };
  return weights;
}
