import {
  Graph,
  adam,
  add,
  div,
  gradients,
  greater,
  abs,
  cast,
  mul,
  reduceMean,
  reduceSum,
  sqrt,
  sub,
  swapLast,
} from '@feedprint/graph';
import type { StateVariable, Tensor } from '@feedprint/graph';
import { decodeTensor } from '../architectures/architecture.ts';
import type { SaeTensors } from '../architectures/architecture.ts';
import { encodeTensor } from '../architectures/architectures.ts';
import type { SaeKind } from '../architectures/kinds.ts';

export interface InitialWeights {
  /** `[dIn, dSae]` */
  readonly wEnc: Float32Array;
  readonly bEnc: Float32Array;
  /** `[dSae, dIn]`, rows of unit length. */
  readonly wDec: Float32Array;
  readonly bDec: Float32Array;
}

export interface TrainingGraph {
  readonly graph: Graph;
  readonly state: Readonly<Record<string, StateVariable>>;
  readonly metrics: Readonly<Record<'loss' | 'mse' | 'l0', Tensor>>;
}

export interface TrainingGraphOptions {
  readonly architecture: SaeKind;
  readonly dIn: number;
  readonly dSae: number;
  readonly batchRows: number;
  /** Weight of the L1 penalty against the squared error summed over dimensions; 0 for TopK. */
  readonly l1: number;
  readonly initial: InitialWeights;
}

/**
 * One training step as a graph. Loss: mean over rows of the squared error summed over dimensions, plus l1 times the
 * feature activations summed over features. Decoder rows keep unit length: their gradient is projected, Adam steps,
 * then the rows are normalised again (Bricken et al. 2023).
 */
export function buildTrainingGraph(options: TrainingGraphOptions): TrainingGraph {
  const { architecture, dIn, dSae, batchRows, l1, initial } = options;
  const graph = new Graph();
  const x = graph.input('x', 'float32', [batchRows, dIn]);
  const learningRate = graph.input('learningRate', 'float32', []);
  const corrections = graph.input('corrections', 'float32', [2]);
  const tied = architecture.kind === 'tied';

  const wDec = graph.input('wDec', 'float32', [dSae, dIn]);
  const bEnc = graph.input('bEnc', 'float32', [dSae]);
  const bDec = graph.input('bDec', 'float32', [dIn]);
  const wEnc = tied ? swapLast(wDec) : graph.input('wEnc', 'float32', [dIn, dSae]);
  const sae: SaeTensors = { wEnc, bEnc, wDec, bDec, extra: {} };

  const z = encodeTensor(architecture, sae, x);
  const error = sub(decodeTensor(sae, z), x);
  const mse = reduceMean(reduceSum(mul(error, error), [1]), [0]);
  const loss = l1 === 0 ? mse : add(mse, mul(reduceMean(reduceSum(abs(z), [1]), [0]), l1));
  const l0 = reduceMean(reduceSum(cast(greater(z, 0), 'float32'), [1]), [0]);

  const trained: readonly (readonly [string, Tensor, Float32Array])[] = [
    ['wDec', wDec, initial.wDec],
    ['bEnc', bEnc, initial.bEnc],
    ['bDec', bDec, initial.bDec],
    ...(tied ? [] : [['wEnc', wEnc, initial.wEnc] as const]),
  ];
  const slopes = gradients(
    loss,
    trained.map(([, tensor]) => tensor),
  );
  const state: Record<string, StateVariable> = {};
  trained.forEach(([name, parameter, start], i) => {
    const slope = slopes[i] as Tensor;
    const isDecoder = name === 'wDec';
    const update = adam(graph, parameter, isDecoder ? tangential(slope, wDec) : slope, {
      learningRate,
      corrections,
    });
    state[name] = {
      current: parameter,
      next: isDecoder ? unitRows(update.next) : update.next,
      initial: start,
    };
    [state[`${name}.m`], state[`${name}.v`]] = update.moments;
  });
  return { graph, state, metrics: { loss, mse, l0 } };
}

/** The part of a gradient that does not change the rows' length. */
const tangential = (gradient: Tensor, rows: Tensor): Tensor =>
  sub(gradient, mul(rows, reduceSum(mul(gradient, rows), [1], true)));

const unitRows = (w: Tensor): Tensor => div(w, sqrt(reduceSum(mul(w, w), [1], true)));
