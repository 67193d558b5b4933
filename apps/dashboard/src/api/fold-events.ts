import type { RunEvent } from '@feedprint/core';
import type { Curve, RunState, StageState } from './run-state.ts';

/** Points that a curve keeps at most; twice as many steps, every second point. */
export const longestCurve = 400;

/** A run before its first event. */
export function emptyRun(): RunState {
  return {
    name: '',
    status: 'running',
    startedAt: null,
    lastEventAt: null,
    starts: 0,
    command: null,
    worksOn: {},
    stages: [],
    curves: [],
    findings: [],
    failure: null,
  };
}

interface Fold {
  /** Changes the state in place: logs are long. */
  apply(event: RunEvent): void;
  readonly state: RunState;
}

/** Folds a run's events into its state, going on from `state`, which the fold then owns. */
export function createRunFold(state: RunState = emptyRun()): Fold {
  const firstProgress = new Map<string, { readonly at: number; readonly done: number }>();
  return {
    state,
    apply: (event) => {
      state.lastEventAt = event.at;
      switch (event.type) {
        case 'run-started':
          startRun(state, event);
          break;
        case 'stage-started':
          firstProgress.delete(event.stage);
          startStage(state, event);
          break;
        case 'stage-progress': {
          const stage = stageOf(state, event.stage);
          const now = { at: Date.parse(event.at), done: event.done };
          const first = firstProgress.get(event.stage) ?? now;
          firstProgress.set(event.stage, first);
          Object.assign(stage, { done: event.done, total: event.total, unit: event.unit });
          const seconds = (now.at - first.at) / 1000;
          const rate = (now.done - first.done) / seconds;
          if (seconds > 0 && Number.isFinite(rate)) stage.rate = rate;
          break;
        }
        case 'metric':
          addPoint(curveOf(state, event.stage, event.name), event.step, event.value);
          break;
        case 'alarm':
        case 'finding':
          state.findings.push({ stage: event.stage, text: event.text });
          break;
        case 'stage-finished': {
          const stage = stageOf(state, event.stage);
          stage.status = event.reused ? 'reused' : 'finished';
          stage.endedAt = event.at;
          break;
        }
        case 'run-finished':
          state.status = 'finished';
          break;
        case 'run-failed':
          if (event.code === 'cancelled') state.status = 'stopped';
          else {
            state.status = 'failed';
            state.failure = { code: event.code, message: event.message };
          }
          interrupt(state, event.at);
          break;
      }
    },
  };
}

function startRun(state: RunState, event: RunEvent & { type: 'run-started' }): void {
  const known = new Map(state.stages.map((stage) => [stage.name, stage]));
  Object.assign(state, {
    name: event.name,
    status: 'running',
    startedAt: event.at,
    starts: state.starts + 1,
    command: event.command ?? null,
    worksOn: event.worksOn ?? {},
    failure: null,
    stages: event.stages.map((name) => waiting(name, known.get(name))),
  });
  const kept = new Set(event.stages);
  state.curves = state.curves.filter(({ stage }) => kept.has(stage));
  state.findings = state.findings.filter(({ stage }) => kept.has(stage));
}

/** What an interrupted start reported for this stage is void. */
function startStage(state: RunState, { stage: name, at }: { stage: string; at: string }): void {
  Object.assign(stageOf(state, name), waiting(name), { status: 'running', startedAt: at });
  state.curves = state.curves.filter(({ stage }) => stage !== name);
  state.findings = state.findings.filter(({ stage }) => stage !== name);
}

/** A stage to come. If an earlier start finished it, the times of that are kept for the case that it is reused. */
function waiting(name: string, before?: StageState): StageState {
  const finished = before?.status === 'finished' || before?.status === 'reused';
  if (finished) return { ...before, status: 'waiting' };
  return {
    name,
    status: 'waiting',
    startedAt: null,
    endedAt: null,
    done: null,
    total: null,
    unit: '',
    rate: null,
  };
}

function interrupt(state: RunState, at: string): void {
  for (const stage of state.stages) {
    if (stage.status === 'running') Object.assign(stage, { status: 'interrupted', endedAt: at });
  }
}

function stageOf(state: RunState, name: string): StageState {
  let stage = state.stages.find((candidate) => candidate.name === name);
  if (!stage) state.stages.push((stage = waiting(name)));
  return stage;
}

function curveOf(state: RunState, stage: string, name: string): Curve {
  let curve = state.curves.find((one) => one.stage === stage && one.name === name);
  if (!curve) {
    curve = { stage, name, points: [], last: [0, 0], stride: 1, seen: 0 };
    state.curves.push(curve);
  }
  return curve;
}

function addPoint(curve: Curve, step: number, value: number): void {
  curve.last = [step, value];
  if (curve.seen++ % curve.stride !== 0) return;
  curve.points.push([step, value]);
  if (curve.points.length < longestCurve) return;
  curve.points = curve.points.filter((_, i) => i % 2 === 0);
  curve.stride *= 2;
}
