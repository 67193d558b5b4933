import type { CheckpointModel } from '@feedprint/activations';
import { buildHidden, createWeights, unembed } from '@feedprint/activations/forward';
import type { Transformer } from '@feedprint/activations/forward';
import {
  Graph,
  chosenLogProbs,
  customGradient,
  gather,
  gradients,
  greaterOrEqual,
  matmul,
  maximum,
  where,
} from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';
import type { Method, Objective } from '../methods/method.ts';
import { withLora } from '../parameters/lora.ts';
import type { ParameterPlan } from '../parameters/plan-parameters.ts';

/** One pass over a part of a batch: its share of loss and metrics and, where asked for, of the parameters' gradients. */
export interface PolicyGraph {
  readonly graph: Graph;
  readonly objective: Objective;
  /** By parameter. */
  gradients(): ReadonlyMap<string, Tensor>;
  /** What the loss is computed from, in the order of the pass, by names that people know. */
  readonly named: ReadonlyMap<string, Tensor>;
}

export function buildPolicyGraph<Item>(
  model: CheckpointModel,
  method: Method<Item>,
  { parameters, lora }: ParameterPlan,
): PolicyGraph {
  const graph = new Graph();
  const transformer = policyTransformer(model, lora);
  const named = new Map<string, Tensor>();
  const name = (site: string, x: Tensor): Tensor => {
    named.set(site, x);
    return x;
  };
  const tap = Object.assign(name, { wants: () => false });
  const hidden = targetRows(buildHidden(graph, transformer, tap));
  const logits = name('logits', unembed(transformer, hidden));
  const next = graph.input('targets', 'int32', ['targets', 1]);
  const logProbs = name('log-probabilities', chosenLogProbs(logits, next));
  const segments = graph.input('segments', 'float32', ['sequences', 'targets']);
  const head = (wanted: string): Tensor => {
    const shape = method.heads?.find((one) => one.name === wanted)?.shape(model.info.width);
    return graph.input(wanted, 'float32', shape ?? []);
  };
  const objective = method.objective({
    ...{ graph, logProbs, hidden, logits, head },
    perSequence: (column) => matmul(segments, column),
  });
  name('loss', objective.loss);
  const inputOf = ({ name: input, shape }: { name: string; shape: readonly number[] }): Tensor =>
    graph.input(input, 'float32', shape);
  return {
    graph,
    objective,
    named,
    gradients() {
      const slopes = gradients(objective.loss, parameters.map(inputOf));
      return new Map(parameters.map((one, i) => [one.name, slopes[i] as Tensor]));
    },
  };
}

/** The decoder over weights that are graph inputs, a tied head being the embeddings themselves. */
function policyTransformer(
  { checkpoint }: CheckpointModel,
  lora: ParameterPlan['lora'],
): Transformer {
  const { decoder } = checkpoint;
  const { head } = decoder;
  const weight = checkpoint.infoOf(head.weight)?.sameAs ?? head.weight;
  return {
    decoder: { ...decoder, head: { ...head, weight } },
    weights: withLora(createWeights(checkpoint), lora),
  };
}

/** Rows of the positions before each target, `[positions, width]` -> `[targets, width]`; each is one target's at most. */
function targetRows(rows: Tensor): Tensor {
  const { graph } = rows;
  const before = graph.input('before', 'int32', ['targets']);
  return customGradient(gather(rows, before), [rows], (g) => {
    const target = graph.input('targetOf', 'int32', ['positions', 1]);
    const flat = graph.input('targetAt', 'int32', ['positions']);
    return [where(greaterOrEqual(target, 0), gather(g, maximum(flat, 0)), 0)];
  });
}
