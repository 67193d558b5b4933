import { FeedprintError } from '@feedprint/core';
import type { SaeWeights } from '@feedprint/core';
import {
  Graph,
  add,
  cast,
  greater,
  greaterOrEqual,
  matmul,
  minimum,
  mul,
  reduceMean,
  reduceSum,
  where,
} from '@feedprint/graph';
import type { StateVariable, StepVariant, Tensor } from '@feedprint/graph';
import { architectureOf } from '../architectures/architectures.ts';
import type { SaeKind } from '../architectures/kinds.ts';
import { foldRoot } from './metric-root.ts';
import type { MetricRoot } from './metric-root.ts';
import { addParameters, tensorsOf, weightsOf } from './parameters.ts';
import { mean, squaredErrors } from './objective.ts';
import type { InitialWeights, Parameter } from './parameters.ts';
import { COUNTED_TOKENS, deadTokensOf } from './settings.ts';
import type { SaeTrainingSettings } from './settings.ts';
import { updated } from './updates.ts';

/** One training step of an SAE, for any engine. */
export interface TrainingGraph {
  /**
   * Fed each step, besides the state: `x [batchRows, dIn]`, `learningRate []`, `corrections [2]` (`adamCorrections` of the
   * settings' betas), and `sparsity []`, the share of the penalty's weight that applies.
   */
  readonly graph: Graph;
  /**
   * The parameters, their moments `<parameter>.<moment>`, `silent` (tokens since each feature fired, `[dSae]`, at most
   * 2^24), `rowErrors` (squared error of each row of the last batch, `[batchRows]`), and whatever else the kind keeps.
   */
  readonly state: Readonly<Record<string, StateVariable>>;
  /**
   * `mse`: mean squared error, of errors times the root if there is one; `variance`: the same of the batch's mean row in
   * place of reconstructions. `dead`: number of features that have been silent for too long after the step, as the next
   * step will see them.
   */
  readonly metrics: Metrics;
  /** `aux`: a costlier step whose loss also trains dead features; useful while there are any. Absent if the kind has none. */
  readonly variants: { readonly aux?: StepVariant };
  readonly parameters: readonly TrainedParameter[];
  /** Reconstructions of the rows as the objective sees them, by the state before the step, `[batchRows, dIn]`. */
  readonly reconstruction: Tensor;
  /** Weights for the activations as they were fed, from the state by name. */
  toWeights(read: (name: string) => Float32Array): SaeWeights;
}

type Metrics = Readonly<Record<'loss' | 'mse' | 'variance' | 'l0' | 'dead', Tensor>>;

/** A parameter by the name of its state, with the names of its moments, which have the same shape; a new feature's moments are zero. */
export interface TrainedParameter extends Pick<Parameter, 'name' | 'perFeature' | 'start'> {
  readonly moments: readonly string[];
}

export interface TrainingGraphOptions {
  readonly kind: SaeKind;
  readonly dIn: number;
  readonly dSae: number;
  readonly batchRows: number;
  readonly settings: SaeTrainingSettings;
  /** For rows times the root, if there is one. */
  readonly initial: InitialWeights;
  /** How errors are weighted, if not by their squares. */
  readonly root?: MetricRoot | undefined;
  /**
   * Whether the graph is also fed `pull [batchRows, dIn]`: the gradient, with respect to the reconstruction, of whatever
   * else is to be minimised. Parameters follow it too; the reported loss does not include it.
   */
  readonly pulled?: boolean;
}

/** Builds the training step of a kind of SAE. Throws `config-invalid` for a crosscoder whose models cannot share the width. */
export function buildTrainingGraph(options: TrainingGraphOptions): TrainingGraph {
  const { kind, dIn, dSae, batchRows, settings, root } = options;
  checkModels(kind, dIn);
  const { training } = architectureOf(kind);
  const graph = new Graph();
  const fed = graph.input('x', 'float32', [batchRows, dIn]);
  const x = root ? matmul(fed, graph.constant(root.data, [dIn, dIn])) : fed;
  const learningRate = graph.input('learningRate', 'float32', []);
  const corrections = graph.input('corrections', 'float32', [2]);
  const sparsity = graph.input('sparsity', 'float32', []);
  const silent = graph.input('silent', 'float32', [dSae]);
  const running = Object.entries(training.running ?? {}).map(([name, start]) => ({
    name,
    current: graph.input(name, 'float32', []),
    initial: Float32Array.of(start),
  }));
  const parameters = addParameters(graph, { ...options, training });
  const isDead = (tokens: Tensor): Tensor => greaterOrEqual(tokens, deadTokensOf(settings));

  const { loss, reconstruction, rowErrors, l0, fired, revival, ...objective } = training.objective({
    kind: kind as never,
    settings,
    x,
    ...tensorsOf(parameters),
    sparsity,
    dead: isDead(silent),
    running: Object.fromEntries(running.map(({ name, current }) => [name, current])),
  });
  const nextSilent = where(greater(fired, 0), 0, minimum(add(silent, batchRows), COUNTED_TOKENS));
  const dead = reduceSum(cast(isDead(nextSilent), 'float32'), [0]);
  const mse = mean(rowErrors);
  const variance = mean(squaredErrors(reduceMean(x, [0], true), x));
  const inputs = { learningRate, corrections, settings };
  const pull = options.pulled && graph.input('pull', 'float32', [batchRows, dIn]);
  const followed = pull ? add(loss, reduceSum(mul(reconstruction, pull), [0, 1])) : loss;
  const state: Record<string, StateVariable> = {
    ...updated(graph, followed, parameters, inputs),
    silent: { current: silent, next: nextSilent, initial: new Float32Array(dSae) },
    rowErrors: {
      current: graph.input('rowErrors', 'float32', [batchRows]),
      next: rowErrors,
      initial: new Float32Array(batchRows),
    },
  };
  for (const { name, current, initial } of running) {
    state[name] = { current, next: objective.running?.[name] as Tensor, initial };
  }
  const withRevival = (added: Tensor): StepVariant => {
    const whole = add(loss, added);
    const own = { ...state, ...updated(graph, add(followed, added), parameters, inputs) };
    const next = Object.entries(own).map(([name, variable]) => [name, variable.next] as const);
    return { next: Object.fromEntries(next), metrics: { loss: whole, mse, variance, l0, dead } };
  };
  return {
    graph,
    state,
    metrics: { loss, mse, variance, l0, dead },
    variants: revival ? { aux: withRevival(revival) } : {},
    parameters: parameters.map(({ name, perFeature, start }) => ({
      name,
      perFeature,
      start,
      moments: Object.keys(state).filter((other) => other.startsWith(`${name}.`)),
    })),
    reconstruction,
    toWeights(read) {
      const weights = weightsOf(read, { training, dIn, dSae });
      return root ? foldRoot(weights, root) : weights;
    },
  };
}

function checkModels(kind: SaeKind, dIn: number): void {
  if (kind.kind !== 'crosscoder' || dIn % kind.models === 0) return;
  throw new FeedprintError({
    code: 'config-invalid',
    message: `${dIn} units cannot hold the activations of ${kind.models} models side by side`,
    remedy: 'join stores of equal width, and give their number as `models`',
  });
}
