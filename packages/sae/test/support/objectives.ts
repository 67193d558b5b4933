import { Graph, createSession, gradients, greaterOrEqual } from '@feedprint/graph';
import type { Tensor, Value } from '@feedprint/graph';
import { architectureOf } from '../../src/architectures/architectures.ts';
import type { Objective, ObjectiveInputs } from '../../src/training/objective.ts';
import { addParameters, tensorsOf } from '../../src/training/parameters.ts';
import type { Parameter } from '../../src/training/parameters.ts';
import { deadTokensOf, kindOf, parseSettings } from '../../src/training/settings.ts';
import type { SaeTrainingSettings } from '../../src/training/settings.ts';
import { normalMatrix } from './saes.ts';

export const D_IN = 6;
export const D_SAE = 10;
export const ROWS = 12;

/** A kind's objective over random weights and rows, and what any tensor made from it is for changed weights. */
export interface ObjectiveUnderTest {
  readonly settings: SaeTrainingSettings;
  readonly inputs: ObjectiveInputs;
  readonly objective: Objective;
  readonly parameters: readonly Parameter[];
  evaluate(
    tensors: Readonly<Record<string, Tensor>>,
    changed?: Readonly<Record<string, Float32Array>>,
  ): Promise<Record<string, Float32Array>>;
}

/** The last two features are dead: their encoder vectors are short. */
export function objectiveUnderTest(
  given: Partial<SaeTrainingSettings>,
  seed = 1,
): ObjectiveUnderTest {
  const settings = parseSettings({ batchRows: ROWS, deadTokens: 100, auxK: 2, ...given });
  const kind = kindOf(settings, D_SAE);
  const { training } = architectureOf(kind);
  const graph = new Graph();
  const scale = (i: number): number => (i >= D_IN * (D_SAE - 2) ? 0.05 : 1);
  const initial = {
    wEnc: normalMatrix(D_SAE, D_IN, seed, 0.5).data.map((v, i) => v * scale(i)),
    wDec: normalMatrix(D_SAE, D_IN, seed + 1, 0.4).data,
    bEnc: normalMatrix(1, D_SAE, seed + 2, 0.1).data.map((v, f) => (f < D_SAE - 2 ? v : 0.05)),
    bDec: normalMatrix(1, D_IN, seed + 3, 0.2).data,
  };
  const parameters = addParameters(graph, { training, dIn: D_IN, dSae: D_SAE, settings, initial });
  const values: Record<string, Value> = {
    x: { data: normalMatrix(ROWS, D_IN, seed + 4).data, shape: [ROWS, D_IN] },
    silent: {
      data: Float32Array.from({ length: D_SAE }, (_, f) => (f < D_SAE - 2 ? 0 : 100)),
      shape: [D_SAE],
    },
    sparsity: { data: Float32Array.of(0.7), shape: [] },
    threshold: { data: Float32Array.of(0.3), shape: [] },
  };
  const input = (name: string): Tensor =>
    graph.input(name, 'float32', (values[name] as Value).shape as number[]);
  const inputs: ObjectiveInputs = {
    kind,
    settings,
    x: input('x'),
    ...tensorsOf(parameters),
    sparsity: input('sparsity'),
    dead: greaterOrEqual(input('silent'), deadTokensOf(settings)),
    running: { threshold: input('threshold') },
  };
  const weights = Object.fromEntries(
    parameters.map(({ name, initial: data, tensor }) => [
      name,
      { data, shape: tensor.shape as number[] },
    ]),
  );
  return {
    settings,
    inputs,
    parameters,
    objective: training.objective(inputs),
    async evaluate(tensors, changed = {}) {
      const session = await createSession(graph, { outputs: tensors, threads: 1 });
      const replaced = Object.entries(changed).map(([name, data]) => [
        name,
        { ...(weights[name] as Value), data },
      ]);
      const results = await session.run({
        ...values,
        ...weights,
        ...(Object.fromEntries(replaced) as Record<string, Value>),
      });
      await session.dispose();
      return Object.fromEntries(
        Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]),
      );
    },
  };
}

/** Gradients of a scalar by the parameters' names. */
export function slopesOf(
  { parameters }: ObjectiveUnderTest,
  loss: Tensor,
  names: readonly string[] = parameters.map(({ name }) => name),
): Record<string, Tensor> {
  const chosen = names.map((name) => parameters.find((p) => p.name === name) as Parameter);
  const slopes = gradients(
    loss,
    chosen.map(({ tensor }) => tensor),
  );
  return Object.fromEntries(names.map((name, i) => [name, slopes[i] as Tensor]));
}
