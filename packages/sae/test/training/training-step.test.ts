import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { adamCorrections, createTrainingSession } from '@feedprint/graph';
import { kindOf, parseSettings } from '../../src/training/settings.ts';
import type { SaeTrainingSettings } from '../../src/training/settings.ts';
import { buildTrainingGraph } from '../../src/training/training-graph.ts';

interface Run {
  readonly settings: Partial<SaeTrainingSettings>;
  readonly steps: readonly {
    readonly loss: number;
    readonly mse: number;
    readonly l0: number;
    readonly dead: number;
    readonly state?: Readonly<Record<string, readonly number[]>>;
  }[];
}

interface Golden {
  readonly dIn: number;
  readonly dSae: number;
  readonly learningRate: number;
  readonly sparsity: readonly number[];
  readonly initial: Readonly<Record<'wEnc' | 'bEnc' | 'wDec' | 'bDec', readonly number[]>>;
  readonly batches: readonly (readonly number[])[];
  readonly runs: Readonly<Record<string, Run>>;
}

const golden = JSON.parse(
  readFileSync(new URL('../golden/sae-step.json', import.meta.url), 'utf8'),
) as Golden;

const { dIn, dSae, learningRate } = golden;
const scalar = (value = NaN) => ({ data: Float32Array.of(value), shape: [] });

function build(settings: SaeTrainingSettings) {
  const { wEnc, bEnc, wDec, bDec } = golden.initial;
  return buildTrainingGraph({
    kind: kindOf(settings, dSae),
    dIn,
    dSae,
    batchRows: settings.batchRows,
    settings,
    initial: {
      wEnc: Float32Array.from(wEnc),
      bEnc: Float32Array.from(bEnc),
      wDec: Float32Array.from(wDec),
      bDec: Float32Array.from(bDec),
    },
  });
}

describe.each(Object.entries(golden.runs))('training steps of %s', (_, run) => {
  const settings = parseSettings(run.settings);
  const { batchRows, beta1, beta2 } = settings;

  test("give PyTorch's metrics at each step, and its weights after the first and the last", async () => {
    const { graph, state, metrics, variants } = build(settings);
    const session = await createTrainingSession(graph, { state, metrics, variants, threads: 1 });
    let dead = 0;
    for (const [i, step] of run.steps.entries()) {
      const report = await session.step(
        {
          x: { data: Float32Array.from(golden.batches[i] ?? []), shape: [batchRows, dIn] },
          learningRate: scalar(learningRate),
          corrections: { data: adamCorrections(i + 1, beta1, beta2), shape: [2] },
          sparsity: scalar(golden.sparsity[i]),
        },
        dead > 0 && variants.aux ? 'aux' : undefined,
      );
      dead = report['dead'] ?? NaN;
      for (const name of ['loss', 'mse', 'l0'] as const) {
        expect(Math.abs((report[name] ?? NaN) / step[name] - 1)).toBeLessThanOrEqual(1e-5);
      }
      expect(dead).toBe(step.dead);
      for (const [name, expected] of Object.entries(step.state ?? {})) {
        const size = Math.hypot(...expected) || 1;
        const difference = Math.hypot(
          ...session.read(name).map((v, j) => v - (expected[j] as number)),
        );
        expect({ name, close: difference / size <= 2e-5, error: difference / size }).toMatchObject({
          name,
          close: true,
        });
      }
    }
    await session.dispose();
  });
});
