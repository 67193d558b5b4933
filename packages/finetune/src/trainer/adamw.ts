import { Graph, adamCorrections, createAdamW, createProgram, mul } from '@feedprint/graph';
import type { RuntimeOptions, StateVariable, Tensor, Value } from '@feedprint/graph';
import { scalar } from '../methods/scalar.ts';
import { PIECE } from '../parameters/parameter-buffer.ts';
import type { ParameterBuffer } from '../parameters/parameter-buffer.ts';

export interface AdamWSettings {
  /** Default 0.9, 0.999 and 1e-8, as in PyTorch. */
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** Of matrices; default 0, as in TRL. */
  readonly weightDecay?: number;
}

/** AdamW in place, a piece of fixed size at a time: what it needs besides its moments is a few pieces. */
export interface AdamW {
  readonly m: Float32Array;
  readonly v: Float32Array;
  /** Takes step `t`, counted from 1; `factor` scales the gradient. */
  step(
    gradient: Float32Array,
    rates: { readonly t: number; readonly learningRate: number; readonly factor: number },
  ): Promise<void>;
  dispose(): Promise<void>;
}

export async function createAdamWUpdate(
  { values, length, decayed }: ParameterBuffer,
  { weightDecay = 0, ...options }: AdamWSettings,
  runtime: RuntimeOptions,
): Promise<AdamW> {
  const { variables, next } = buildUpdate(options);
  const program = await createProgram(next[0].graph, next, runtime);
  const written = next.map(() => new Float32Array(PIECE));
  const into = Object.fromEntries(next.map(({ name }, i) => [name, whole(written[i])]));
  const [m, v] = [new Float32Array(length), new Float32Array(length)];
  return {
    m,
    v,
    async step(gradient, { t, learningRate, factor }) {
      const arrays = [values, m, v];
      const rates = {
        learningRate: scalar(learningRate),
        factor: scalar(factor),
        corrections: { data: adamCorrections(t, options.beta1, options.beta2), shape: [2] },
      };
      for (let at = 0; at < length; at += PIECE) {
        const piece = (of: Float32Array | undefined): Value => whole(of?.subarray(at, at + PIECE));
        const state = variables.map((name, i) => [name, piece(arrays[i])] as const);
        const decay = scalar(at < decayed ? weightDecay : 0);
        const feeds = { ...rates, decay, ...Object.fromEntries(state), gradient: piece(gradient) };
        await program.run(feeds, into);
        arrays.forEach((array, i) => array.set(written[i] as Float32Array, at));
      }
    },
    dispose: () => program.dispose(),
  };
}

/** One step on a piece: the names of the inputs that hold values and moments, and what these become. */
function buildUpdate(options: AdamWSettings) {
  const graph = new Graph();
  const number = (name: string) => graph.input(name, 'float32', []);
  const [values, gradient] = ['values', 'gradient'].map((name) =>
    graph.input(name, 'float32', [PIECE]),
  ) as [Tensor, Tensor];
  const optimizer = createAdamW({ ...options, weightDecay: number('decay') });
  const { next, moments } = optimizer(graph, values, mul(gradient, number('factor')), {
    learningRate: number('learningRate'),
    corrections: graph.input('corrections', 'float32', [2]),
  });
  const [m, v] = [moments.m, moments.v] as [StateVariable, StateVariable];
  return {
    variables: [values.name, m.current.name, v.current.name],
    next: [next, m.next, v.next] as const,
  };
}

const whole = (data: Float32Array = new Float32Array()): Value => ({ data, shape: [PIECE] });
