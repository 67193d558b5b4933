import { FeedprintError } from '@feedprint/core';
import { createProgram, mul, reduceSum } from '@feedprint/graph';
import type { Graph, RuntimeOptions, Tensor, Value } from '@feedprint/graph';
import type { ParameterBuffer } from '../parameters/parameter-buffer.ts';

export interface SuspectOptions {
  readonly graph: Graph;
  readonly named: ReadonlyMap<string, Tensor>;
  readonly feeds: Readonly<Record<string, Value>>;
  readonly buffer: ParameterBuffer;
  readonly runtime: RuntimeOptions;
}

/** The first parameter, or else the first named tensor of the pass, with a number that is not finite. */
export async function firstNotFinite(options: SuspectOptions): Promise<string | undefined> {
  const { graph, named, feeds, buffer, runtime } = options;
  const parameter = firstBad(buffer, buffer.values);
  if (parameter !== undefined) return parameter;
  // 0 times anything finite is 0; times infinity or NaN it is NaN.
  const flags = [...named].map(([name, x]) => {
    const axes = x.shape.map((_, axis) => axis);
    return { name, flag: reduceSum(mul(x, 0), axes) };
  });
  const into = Object.fromEntries(
    flags.map(({ flag }): [string, Value] => [flag.name, { data: new Float32Array(1), shape: [] }]),
  );
  const program = await createProgram(
    graph,
    flags.map(({ flag }) => flag),
    runtime,
  );
  await program.run(feeds, into);
  await program.dispose();
  return flags.find(({ flag }) => Number.isNaN(into[flag.name]?.data[0]))?.name;
}

/** Norm of a gradient. Throws `numbers-invalid`, naming the parameter, if it is not finite. */
export function gradientNorm(
  gradient: Float32Array,
  buffer: ParameterBuffer,
  step: number,
): number {
  let sum = 0;
  for (let i = 0; i < gradient.length; i++) sum += (gradient[i] as number) ** 2;
  if (Number.isFinite(sum)) return Math.sqrt(sum);
  const name = firstBad(buffer, gradient);
  throw diverged(step, 'the gradient is not finite', name && `the gradient of ${name}`);
}

const firstBad = ({ places }: ParameterBuffer, of: Float32Array): string | undefined =>
  places.find(({ start, end }) => !of.subarray(start, end).every(Number.isFinite))?.name;

export const diverged = (step: number, what: string, tensor: string | undefined): FeedprintError =>
  new FeedprintError({
    code: 'numbers-invalid',
    message: `fine-tuning stopped at step ${step}: ${what}${tensor ? `; the first tensor that is not finite is ${tensor}` : ''}`,
    remedy: 'lower the learning rate or check the data',
  });
