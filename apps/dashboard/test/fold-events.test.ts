import { describe, expect, test } from '@jest/globals';
import type { RunEvent, RunEventInput } from '@feedprint/core';
import { createRunFold, longestCurve } from '../src/api/fold-events.ts';
import { runStateSchema } from '../src/api/run-state.ts';
import type { RunState } from '../src/api/run-state.ts';

/** Stamps events one second apart. */
function stamped(inputs: readonly RunEventInput[]): RunEvent[] {
  return inputs.map((input, i) => {
    const at = new Date(Date.UTC(2026, 0, 1, 0, 0, i)).toISOString();
    return { ...input, at } as RunEvent;
  });
}

function fold(...inputs: RunEventInput[]): RunState {
  const run = createRunFold();
  for (const event of stamped(inputs)) run.apply(event);
  return runStateSchema.parse(run.state);
}

const started: RunEventInput = { type: 'run-started', name: 'demo', stages: ['a', 'b'] };
const metric = (step: number): RunEventInput => ({
  type: 'metric',
  stage: 'a',
  name: 'mse',
  step,
  value: step / 2,
});
const progress = (done: number): RunEventInput => ({
  type: 'stage-progress',
  stage: 'a',
  done,
  total: 100,
  unit: 'rows',
});

describe('createRunFold', () => {
  test('follows stages from waiting to finished', () => {
    const state = fold(
      started,
      { type: 'stage-started', stage: 'a' },
      progress(10),
      progress(40),
      { type: 'stage-finished', stage: 'a', reused: false },
      { type: 'stage-finished', stage: 'b', reused: true },
      { type: 'run-finished' },
    );
    expect(state).toMatchObject({ name: 'demo', status: 'finished', starts: 1, failure: null });
    expect(state.stages).toMatchObject([
      {
        name: 'a',
        status: 'finished',
        done: 40,
        total: 100,
        unit: 'rows',
        startedAt: '2026-01-01T00:00:01.000Z',
        endedAt: '2026-01-01T00:00:04.000Z',
      },
      { name: 'b', status: 'reused', startedAt: null },
    ]);
    expect(state.stages[0]?.rate).toBe(30);
  });

  test('forgets what an interrupted start reported for a stage that starts again', () => {
    const finding: RunEventInput = { type: 'finding', stage: 'a', text: 'early' };
    const again = [started, { type: 'stage-started', stage: 'a' }] as const;
    const before = fold(...again, metric(1), finding, progress(50), started);
    expect(before.starts).toBe(2);
    expect(before.findings).toHaveLength(1);
    expect(before.stages[0]).toMatchObject({ status: 'waiting', done: null });
    const after = fold(...again, metric(1), finding, progress(50), ...again);
    expect(after.findings).toEqual([]);
    expect(after.curves).toEqual([]);
  });

  test('keeps curves, findings and times of a stage that is reused', () => {
    const state = fold(
      started,
      { type: 'stage-started', stage: 'a' },
      metric(1),
      { type: 'stage-finished', stage: 'a', reused: false },
      started,
      { type: 'stage-finished', stage: 'a', reused: true },
    );
    expect(state.curves).toMatchObject([{ stage: 'a', name: 'mse', last: [1, 0.5] }]);
    expect(state.stages[0]).toMatchObject({
      status: 'reused',
      startedAt: '2026-01-01T00:00:01.000Z',
    });
  });

  test('drops stages that a new start does not have', () => {
    const state = fold(started, { type: 'stage-started', stage: 'a' }, metric(1), {
      type: 'run-started',
      name: 'other',
      stages: ['b'],
    });
    expect(state.stages.map(({ name }) => name)).toEqual(['b']);
    expect(state.curves).toEqual([]);
  });

  test('says why a run failed and where', () => {
    const state = fold(
      started,
      { type: 'stage-started', stage: 'b' },
      { type: 'run-failed', code: 'numbers-invalid', message: 'NaN; look' },
    );
    expect(state.status).toBe('failed');
    expect(state.failure).toEqual({ code: 'numbers-invalid', message: 'NaN; look' });
    expect(state.stages.map(({ status }) => status)).toEqual(['waiting', 'interrupted']);
    expect(
      fold(started, { type: 'run-failed', code: 'x', message: 'y' }, started).failure,
    ).toBeNull();
  });

  test('knows a run that was stopped from one that failed', () => {
    const stop = { type: 'run-failed', code: 'cancelled', message: 'stopped in stage b' } as const;
    const state = fold(started, { type: 'stage-started', stage: 'b' }, stop);
    expect([state.status, state.failure]).toEqual(['stopped', null]);
    expect(state.stages.map(({ status }) => status)).toEqual(['waiting', 'interrupted']);
    expect(fold(started, stop, started).status).toBe('running');
  });

  test('thins long curves out evenly and keeps their last point', () => {
    const steps = longestCurve * 10 + 7;
    const state = fold(started, ...Array.from({ length: steps }, (_, i) => metric(i)));
    const [curve] = state.curves;
    expect(curve?.points.length).toBeLessThan(longestCurve);
    expect(curve?.points.length).toBeGreaterThanOrEqual(longestCurve / 2);
    const gaps = curve?.points.slice(1).map(([step], i) => step - (curve.points[i]?.[0] ?? 0));
    expect(new Set(gaps)).toEqual(new Set([curve?.stride]));
    expect(curve?.last).toEqual([steps - 1, (steps - 1) / 2]);
  });

  test('goes on from a state that was sent over', () => {
    const events = stamped([
      started,
      { type: 'stage-started', stage: 'a' },
      ...Array.from({ length: 900 }, (_, i) => metric(i)),
      { type: 'stage-finished', stage: 'a', reused: false },
    ]);
    const whole = createRunFold();
    for (const event of events) whole.apply(event);
    const first = createRunFold();
    for (const event of events.slice(0, 500)) first.apply(event);
    const sent = runStateSchema.parse(JSON.parse(JSON.stringify(first.state)));
    const second = createRunFold(sent);
    for (const event of events.slice(500)) second.apply(event);
    expect(second.state).toEqual(whole.state);
  });
});
