import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { adamCorrections, createTrainingSession } from '@feedprint/graph';
import type { SaeKind } from '../../src/index.ts';
import { buildTrainingGraph } from '../../src/training/training-graph.ts';

interface Run {
  readonly kind: 'tied' | 'relu' | 'topk';
  readonly k?: number;
  readonly l1: number;
  readonly steps: readonly {
    readonly loss: number;
    readonly mse: number;
    readonly l0: number;
    readonly weights?: Readonly<Record<string, readonly number[]>>;
  }[];
}

interface Golden {
  readonly dIn: number;
  readonly dSae: number;
  readonly batchRows: number;
  readonly learningRate: number;
  readonly initial: Readonly<Record<'wEnc' | 'bEnc' | 'wDec' | 'bDec', readonly number[]>>;
  readonly batches: readonly (readonly number[])[];
  readonly runs: Readonly<Record<string, Run>>;
}

const golden = JSON.parse(
  readFileSync(new URL('../golden/sae-step.json', import.meta.url), 'utf8'),
) as Golden;

const { dIn, dSae, batchRows, learningRate, initial } = golden;
const architectureOf = ({ kind, k = 0 }: Run): SaeKind =>
  kind === 'topk' ? { kind, k } : { kind };

describe.each(Object.entries(golden.runs))('training steps of kind %s', (_, run) => {
  test("give PyTorch's losses and weights after one step and after three", async () => {
    const { graph, state, metrics } = buildTrainingGraph({
      architecture: architectureOf(run),
      dIn,
      dSae,
      batchRows,
      l1: run.l1,
      initial: {
        wEnc: Float32Array.from(initial.wEnc),
        bEnc: Float32Array.from(initial.bEnc),
        wDec: Float32Array.from(initial.wDec),
        bDec: Float32Array.from(initial.bDec),
      },
    });
    const session = await createTrainingSession(graph, { state, metrics, threads: 1 });
    for (const [i, step] of run.steps.entries()) {
      const report = await session.step({
        x: { data: Float32Array.from(golden.batches[i] ?? []), shape: [batchRows, dIn] },
        learningRate: { data: Float32Array.of(learningRate), shape: [] },
        corrections: { data: adamCorrections(i + 1), shape: [2] },
      });
      for (const name of ['loss', 'mse', 'l0'] as const) {
        expect(Math.abs((report[name] ?? NaN) / step[name] - 1)).toBeLessThanOrEqual(1e-5);
      }
      for (const [name, expected] of Object.entries(step.weights ?? {})) {
        const size = Math.hypot(...expected);
        const difference = Math.hypot(
          ...session.read(name).map((v, j) => v - (expected[j] as number)),
        );
        expect(difference / size).toBeLessThanOrEqual(1e-4);
      }
    }
    expect(run.steps.filter(({ weights }) => weights).length).toBe(2);
    await session.dispose();
  });
});
