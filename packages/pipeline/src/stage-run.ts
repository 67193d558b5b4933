import { FeedprintError, throwIfCancelled } from '@feedprint/core';
import type { Artifact, RunStore } from '@feedprint/core';
import { hashOf } from './canonical-json.ts';
import { planStages } from './plan-stages.ts';
import { createStageContext } from './stage-context.ts';
import type { StageContext } from './stage-context.ts';
import { stagesIn } from './stage.ts';
import type { Need, Needs, OutputsOf, Stage } from './stage.ts';

/** A stage's work on a folder, with everything it needs bound. */
export interface StageTask {
  readonly name: string;
  readonly work: (folder: string, stage: StageContext) => Promise<void>;
}

/** Does a stage's work on `folder`; a worker process or a queue can replace `executeInProcess`. */
export type StageExecutor = (task: StageTask, folder: string, stage: StageContext) => Promise<void>;

/** Runs the work in this process. */
export const executeInProcess: StageExecutor = (task, folder, stage) => task.work(folder, stage);

export interface StageRunOptions<C> {
  readonly store: RunStore;
  /** What the run is to make; whatever that needs is made too. */
  readonly stages: readonly Need<C>[];
  /** What all stages share. */
  readonly context: C;
  readonly signal?: AbortSignal | undefined;
  readonly execute?: StageExecutor;
  /** Clock in milliseconds from any origin, to thin out progress events. */
  readonly clock?: () => number;
}

/** The stages of one run, each done once per run folder. */
export interface StageRun<C> {
  /** Names of all stages, in the order in which `finish` does them. */
  readonly names: readonly string[];
  /** Does the stages that are not done yet. Throws what `work` throws, and `cancelled` once the signal is aborted. */
  finish(): Promise<void>;
  /** What the stages left, by the same names; stages that are not done yet are done first. */
  outputs<N extends Needs<C>>(needs: N): Promise<OutputsOf<N>>;
}

/** The key of a stage's artifact: SHA-256 over its name, configuration and the keys of what it needs, in order. */
export const stageKey = (name: string, config: unknown, inputs: readonly Artifact[]): string =>
  hashOf({ name, config, inputs: inputs.map(({ key }) => key) });

/**
 * Makes stages in the order of their needs. One that is already done only emits `stage-finished` with `reused: true`;
 * any other emits events from `stage-started`, which voids what an interrupted start reported for it, to
 * `stage-finished`.
 */
export function createStageRun<C>({
  store,
  stages,
  context,
  signal = new AbortController().signal,
  execute = executeInProcess,
  clock = () => performance.now(),
}: StageRunOptions<C>): StageRun<C> {
  const plan = planStages(stages, context);
  const planned = new Set(plan.map(({ name }) => name));
  const done = new Map<string, Artifact>();

  async function make(stage: Stage<C, unknown>): Promise<Artifact> {
    const before = done.get(stage.name);
    if (before) return before;
    if (!planned.has(stage.name)) throw unplanned(stage.name);
    const inputs: Artifact[] = [];
    for (const need of Object.values(stage.needs)) {
      for (const each of stagesIn(need, context)) inputs.push(await make(each));
    }
    const artifact = await findOrDo(stage, inputs);
    done.set(stage.name, artifact);
    return artifact;
  }

  async function findOrDo(
    stage: Stage<C, unknown>,
    inputs: readonly Artifact[],
  ): Promise<Artifact> {
    const { name, needs } = stage;
    throwIfCancelled(signal, `in stage ${name}`);
    const key = stageKey(name, stage.config(context), inputs);
    const found = await store.find(name, key);
    if (found) {
      store.append({ type: 'stage-finished', stage: name, reused: true });
      return found;
    }
    store.append({ type: 'stage-started', stage: name });
    const { context: reports, flush } = createStageContext({ store, stage: name, signal, clock });
    const task: StageTask = {
      name,
      work: async (folder, talk) =>
        stage.work({ context, needs: await outputs(needs), folder, stage: talk, run: store }),
    };
    const artifact = await store.create(name, key, async (folder) => {
      await execute(task, folder, reports);
      throwIfCancelled(signal, `in stage ${name}`);
    });
    flush();
    store.append({ type: 'stage-finished', stage: name, reused: false });
    return artifact;
  }

  async function outputs<N extends Needs<C>>(needs: N): Promise<OutputsOf<N>> {
    const read = async (stage: Stage<C, unknown>): Promise<unknown> =>
      stage.read((await make(stage)).folder, context);
    const entries: [string, unknown][] = [];
    for (const [name, need] of Object.entries(needs)) {
      const all: unknown[] = [];
      for (const stage of stagesIn(need, context)) all.push(await read(stage));
      entries.push([name, 'stagesOf' in need ? all : all[0]]);
    }
    return Object.fromEntries(entries) as OutputsOf<N>;
  }

  return {
    names: plan.map(({ name }) => name),
    finish: async () => {
      for (const stage of plan) await make(stage);
    },
    outputs,
  };
}

const unplanned = (name: string): FeedprintError =>
  new FeedprintError({
    code: 'internal',
    message: `stage ${name} is not one of the run's`,
    remedy: 'name it, or what needs it, among the stages of the run',
  });
