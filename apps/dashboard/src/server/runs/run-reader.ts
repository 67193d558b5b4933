import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunLocked, readRunEvents } from '@feedprint/pipeline';
import { createRunFold } from '../../api/fold-events.ts';
import { isToldByEvents, statusOf } from '../../api/responses.ts';
import type { LiveStatus, RunDetail, RunFacts, RunKind, RunSummary } from '../../api/responses.ts';
import type { RunState } from '../../api/run-state.ts';
import { shareDone, timeLeft } from '../../api/share-done.ts';
import { readRunFacts } from './run-facts.ts';
import { hasRunFile } from './run-folders.ts';
import type { RunFolder } from './run-folders.ts';

/** Reads runs for clients; each event is read and folded once. */
export interface RunReader {
  detail(run: RunFolder): Promise<RunDetail>;
  summary(run: RunFolder): Promise<RunSummary>;
  live(run: RunFolder): Promise<LiveStatus>;
}

interface Known {
  readonly fold: ReturnType<typeof createRunFold>;
  readonly file: number;
  next: number;
}

export function createRunReader(): RunReader {
  const known = new Map<string, Known>();
  const queues = new Map<string, Promise<Known>>();
  const facts = new Map<string, { readonly stamp: string; readonly facts: RunFacts }>();

  /** Folds what is new. A log that was replaced by another one is read from its start. */
  const refresh = async ({ folder }: RunFolder): Promise<Known> => {
    const { ino: file, size } = await stat(join(folder, 'events.jsonl'));
    let one = known.get(folder);
    if (!one || one.file !== file || one.next > size) {
      one = { fold: createRunFold(), file, next: 0 };
      known.set(folder, one);
    }
    if (one.next === size) return one;
    const batch = await readRunEvents(folder, one.next);
    for (const { event } of batch.events) one.fold.apply(event);
    one.next = batch.next;
    return one;
  };

  /** One reader at a time, or two would fold the same events. */
  const read = (run: RunFolder): Promise<Known> => {
    const before = queues.get(run.folder) ?? Promise.resolve();
    const next = before.then(
      () => refresh(run),
      () => refresh(run),
    );
    queues.set(run.folder, next);
    return next;
  };

  /** Read again when one of the files that they are in was written. */
  const factsOf = async (run: RunFolder): Promise<RunFacts> => {
    const stamps = await Promise.all(
      ['run.json', 'report.json', 'tables'].map((name) => stampOf(run, name)),
    );
    const stamp = stamps.join(' ');
    const before = facts.get(run.folder);
    if (before?.stamp === stamp) return before.facts;
    const found = { stamp, facts: await readRunFacts(run) };
    facts.set(run.folder, found);
    return found.facts;
  };

  const live = async (run: RunFolder): Promise<LiveStatus> => ({
    writing: isRunLocked(run.folder),
    hasReport: await hasRunFile(run, 'report.html'),
  });

  return {
    live,
    detail: async (run) => {
      const status = await live(run); // Before the events: a run that ends now is still read to its end.
      const { fold, next } = await read(run);
      const facts = withEvents(await factsOf(run), fold.state);
      return { id: run.id, state: fold.state, next, facts, ...status };
    },
    summary: async (run) => {
      const { writing } = await live(run);
      const { state } = (await read(run)).fold;
      const { settings, tables: _tables, ...shown } = withEvents(await factsOf(run), state);
      const done = state.stages.filter(
        ({ status }) => status === 'finished' || status === 'reused',
      );
      const status = statusOf(state.status, writing);
      return {
        ...shown,
        id: run.id,
        name: state.name,
        status,
        startedAt: state.startedAt,
        lastEventAt: state.lastEventAt,
        stagesDone: done.length,
        stagesTotal: state.stages.length,
        share: status === 'finished' ? 1 : shareDone(state.stages),
        secondsLeft: status === 'running' ? timeLeft(state, Date.now()) : null,
        current: state.stages.findLast((stage) => stage.status === 'running') ?? null,
        failure: state.failure?.message ?? null,
        latest: shown.headline === null ? latestOf(state) : [],
        about: aboutOf(shown.kind, settings),
        worksOn: shown.models ? {} : state.worksOn,
      };
    },
  };
}

/** The command of the latest start, or that of the report; and what a run that has only events found. */
const withEvents = (facts: RunFacts, { command, findings }: RunState): RunFacts => ({
  ...facts,
  command: command ?? facts.command,
  headline: facts.headline ?? (isToldByEvents(facts.kind) ? (findings.at(-1)?.text ?? null) : null),
});

/** Curves named in a list. */
const NAMED = 4;
/** What is asked of a training first, in this order. */
const asked = [
  ...['explainedVariance', 'loss', 'deadShare', 'mse', 'l0', 'dead'],
  ...['reward', 'kl', 'accuracy', 'rewards/accuracies', 'rewards/margins'],
];

/** Which of several that are trained together. */
const suffix = / \(.*\)$/;

/** Where the first curves of the latest stage that has any are now. */
function latestOf({ curves }: RunState): RunSummary['latest'] {
  const stage = curves.at(-1)?.stage;
  const own = curves.filter((curve) => curve.stage === stage);
  return asked
    .flatMap((name) => own.filter((curve) => curve.name.replace(suffix, '') === name))
    .slice(0, NAMED)
    .map(({ name, last }) => ({ name, value: last[1] }));
}

/** Settings by which runs of a kind are told apart in a list, and what they are called. */
const telling: Readonly<Partial<Record<RunKind, Readonly<Record<string, string>>>>> = {
  audit: { preset: 'preset', seed: 'seed' },
  saes: { kind: 'kind', seed: 'seed' },
  'fine-tuning': {
    method: 'method',
    epochs: 'epochs',
    steps: 'steps',
    learningRate: 'learning rate',
    seed: 'seed',
  },
  trajectory: { steps: 'steps', seed: 'seed' },
  planting: { method: 'method', seed: 'seed' },
  prediction: { maxPairs: 'pairs', seed: 'seed' },
  capture: { sites: 'at', dtype: 'as' },
  benchmark: { bench: 'bench', seed: 'seed' },
};

/** The settings of a run that a list shows: `method dpo, seed 0`. */
function aboutOf(kind: RunKind, settings: Readonly<Record<string, unknown>>): string {
  const trainer = settings['trainer'];
  const all: Readonly<Record<string, unknown>> = {
    ...(kind === 'saes' && typeof trainer === 'object' ? trainer : {}),
    ...settings,
  };
  return Object.entries(telling[kind] ?? {})
    .flatMap(([key, name]) => {
      const value = all[key];
      return typeof value === 'string' || typeof value === 'number' ? [`${name} ${value}`] : [];
    })
    .join(', ');
}

async function stampOf({ folder }: RunFolder, name: string): Promise<string> {
  try {
    const { mtimeMs, size } = await stat(join(folder, name));
    return `${mtimeMs}/${size}`;
  } catch {
    return '-';
  }
}
