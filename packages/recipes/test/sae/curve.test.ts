import { describe, expect, test } from '@jest/globals';
import type { RunEvent, RunEventInput } from '@feedprint/core';
import { createCurveRecorder } from '../../src/sae/curve.ts';

const metric = (stage: string, name: string, step: number, value: number): RunEventInput => ({
  type: 'metric',
  stage,
  name,
  step,
  value,
});

/** A run that has told of some metrics before, and what it is told now. */
function runAfter(earlier: readonly RunEventInput[]) {
  const told: RunEventInput[] = [];
  const at = '2026-01-01T00:00:00.000Z';
  return {
    told,
    append: (event: RunEventInput) => void told.push(event),
    async *events(): AsyncGenerator<RunEvent> {
      yield* earlier.map((event) => ({ ...event, at }));
    },
  };
}

describe('the curves of a training', () => {
  test('are the lasting metrics by job and step; all of them are told as of one stage', async () => {
    const run = runAfter([]);
    const recorder = await createCurveRecorder({ stage: 'train', jobs: ['k=1', 'k=2'], run });
    recorder.event(metric('k=2', 'mse', 10, 0.5));
    recorder.event(metric('k=2', 'rowsPerSecond', 10, 1000));
    recorder.event(metric('k=1', 'mse', 10, 0.75));
    recorder.event(metric('another', 'mse', 10, 1));
    expect(recorder.curves()).toEqual({
      'k=1': [{ step: 10, mse: 0.75 }],
      'k=2': [{ step: 10, mse: 0.5 }],
    });
    expect(run.told).toEqual([
      metric('train', 'mse (k=2)', 10, 0.5),
      metric('train', 'rowsPerSecond (k=2)', 10, 1000),
      metric('train', 'mse (k=1)', 10, 0.75),
    ]);
  });

  test('go on after what earlier starts told of the steps before', async () => {
    const run = runAfter([
      metric('train', 'mse', 5, 0.9),
      metric('train', 'mse', 10, 0.8),
      metric('train', 'mse', 5, 0.7),
      metric('evaluate', 'mse', 6, 0),
    ]);
    const recorder = await createCurveRecorder({ stage: 'train', jobs: ['sae'], run });
    recorder.event(metric('sae', 'mse', 10, 0.6));
    recorder.event(metric('sae', 'mse', 15, 0.5));
    const points = [
      [5, 0.7],
      [10, 0.6],
      [15, 0.5],
    ] as const;
    expect(recorder.curves()).toEqual({ sae: points.map(([step, mse]) => ({ step, mse })) });
    expect(run.told).toEqual(points.map(([step, mse]) => metric('train', 'mse', step, mse)));
  });

  test('are what earlier starts told, where no step was left to take', async () => {
    const run = runAfter([metric('train', 'l0', 20, 2)]);
    const recorder = await createCurveRecorder({ stage: 'train', jobs: ['sae'], run });
    expect(recorder.curves()).toEqual({ sae: [{ step: 20, l0: 2 }] });
  });
});
