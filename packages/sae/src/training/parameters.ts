import type { SaeWeights } from '@feedprint/core';
import { matrix } from '@feedprint/core';
import { swapLast } from '@feedprint/graph';
import type { Graph, Tensor } from '@feedprint/graph';
import type { SaeTensors } from '../architectures/sae-tensors.ts';
import type { Training } from './objective.ts';
import type { SaeTrainingSettings } from './settings.ts';

/** Weights that training starts from, features in rows. */
export interface InitialWeights {
  /** `[dSae, dIn]`; not read for a tied SAE. */
  readonly wEnc: Float32Array;
  /** `[dSae]` */
  readonly bEnc: Float32Array;
  /** `[dSae, dIn]`, rows of unit length, or of `lengths`. */
  readonly wDec: Float32Array;
  /** Lengths that the rows of `wDec` keep, if they are kept at a fixed length, `[dSae]`; 1 by default. */
  readonly lengths?: Float32Array;
  /** `[dIn]` */
  readonly bDec: Float32Array;
  /** The kind's own vectors by name, `[dSae]`; by default they start with the kind's initial values. */
  readonly vectors?: Readonly<Record<string, Float32Array>>;
}

/** What gradients train: `wDec`, `wEnc` unless tied, `bEnc`, `bDec` and the kind's own vectors. */
export interface Parameter {
  readonly name: string;
  /** What each feature owns of it: a row of `[dSae, dIn]`, a number of `[dSae]`, or nothing. */
  readonly perFeature: 'row' | 'number' | 'none';
  /** The initial value for a feature, for `number`. */
  readonly start: number;
  readonly tensor: Tensor;
  readonly initial: Float32Array;
  /** Rows are kept at length 1, or at `lengths` `[dSae]`. */
  readonly isUnit: boolean;
  readonly lengths?: Float32Array | undefined;
}

export interface ParameterOptions {
  readonly training: Training;
  readonly dIn: number;
  readonly dSae: number;
  readonly settings: SaeTrainingSettings;
  readonly initial: InitialWeights;
}

/** Adds inputs for all parameters to a graph. The encoder is kept transposed, so that each feature is a row of it. */
export function addParameters(
  graph: Graph,
  { training, dIn, dSae, settings, initial }: ParameterOptions,
): readonly Parameter[] {
  const rows = (name: 'wEnc' | 'wDec'): Parameter => ({
    name,
    perFeature: 'row',
    start: 0,
    tensor: graph.input(name, 'float32', [dSae, dIn]),
    initial: initial[name],
    isUnit: name === 'wDec' && training.decoder === 'unit',
    lengths: initial.lengths,
  });
  const numbers = (name: string, start: number, values: Float32Array): Parameter => ({
    name,
    perFeature: 'number',
    start,
    tensor: graph.input(name, 'float32', [dSae]),
    initial: values,
    isUnit: false,
  });
  const bDec: Parameter = {
    name: 'bDec',
    perFeature: 'none',
    start: 0,
    tensor: graph.input('bDec', 'float32', [dIn]),
    initial: initial.bDec,
    isUnit: false,
  };
  const vectors = Object.entries(training.vectors?.(settings) ?? {}).map(([name, start]) =>
    numbers(name, start, initial.vectors?.[name] ?? new Float32Array(dSae).fill(start)),
  );
  const encoder = training.isTied ? [] : [rows('wEnc')];
  return [rows('wDec'), ...encoder, numbers('bEnc', 0, initial.bEnc), bDec, ...vectors];
}

/** The parameters as an SAE's weights. */
export function tensorsOf(parameters: readonly Parameter[]): {
  readonly sae: SaeTensors;
  readonly wEncRows: Tensor;
} {
  const tensors = Object.fromEntries(parameters.map(({ name, tensor }) => [name, tensor]));
  const { wDec, wEnc: wEncRows = wDec, bEnc, bDec, ...extra } = tensors as Weights;
  return { sae: { wEnc: swapLast(wEncRows), bEnc, wDec, bDec, extra }, wEncRows };
}

type Weights = Record<'wDec' | 'bEnc' | 'bDec', Tensor> & Record<string, Tensor>;

/** An SAE's weights from the state of its training. */
export function weightsOf(
  read: (name: string) => Float32Array,
  { training, dIn, dSae }: Pick<ParameterOptions, 'training' | 'dIn' | 'dSae'>,
): SaeWeights {
  const wEncRows = read(training.isTied ? 'wDec' : 'wEnc');
  const wEnc = matrix(dIn, dSae);
  for (let f = 0; f < dSae; f++) {
    for (let i = 0; i < dIn; i++) wEnc.data[i * dSae + f] = wEncRows[f * dIn + i] as number;
  }
  return {
    wEnc,
    bEnc: read('bEnc').slice(),
    wDec: matrix(dSae, dIn, read('wDec').slice()),
    bDec: read('bDec').slice(),
    ...(training.toExtra && { extra: training.toExtra(read, dSae) }),
  };
}
