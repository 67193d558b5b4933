import type { Artifact, RunStore } from '@feedprint/core';
import { throwIfCancelled } from './cancellation.ts';
import { hashOf } from './canonical-json.ts';
import { createStageContext } from './stage-context.ts';
import type { StageContext } from './stage-context.ts';

export interface Stage {
  /** Letters, digits, dots, dashes and underscores: it names the folder. */
  readonly name: string;
  /** Everything that decides what `work` writes, besides `inputs`. Hashed by `canonicalJson`. */
  readonly config: unknown;
  /** Artifacts that `work` reads, in a fixed order. */
  readonly inputs: readonly Artifact[];
  /** Writes the stage's files into an empty folder; the same config and inputs must give the same bytes. */
  readonly work: (folder: string, context: StageContext) => Promise<void>;
}

/** Does a stage's work on `folder`; a worker process or a queue takes the place of `executeInProcess`. */
export type StageExecutor = (stage: Stage, folder: string, context: StageContext) => Promise<void>;

/** Runs stages that were not finished before. */
export interface StageRunner {
  /** The stage's artifact, made now or found. Throws what `work` throws, and `cancelled` once the signal is aborted. */
  run(stage: Stage): Promise<Artifact>;
}

export interface StageRunnerOptions {
  readonly store: RunStore;
  readonly signal?: AbortSignal;
  readonly execute?: StageExecutor;
  /** Milliseconds from any origin, to thin out progress events. */
  readonly clock?: () => number;
}

/** Runs the work in this process. */
export const executeInProcess: StageExecutor = (stage, folder, context) =>
  stage.work(folder, context);

/** The key of a stage's artifact: SHA-256 over its name, configuration and inputs' keys. */
export function stageKey({ name, config, inputs }: Omit<Stage, 'work'>): string {
  return hashOf({ name, config, inputs: inputs.map((input) => input.key) });
}

/**
 * A runner that does each stage's work once per run folder. A stage that is done gives `stage-finished` with `reused: true` alone;
 * one that is not gives `stage-started`, which makes void what an interrupted start reported for it, up to `stage-finished`.
 */
export function createStageRunner({
  store,
  signal = new AbortController().signal,
  execute = executeInProcess,
  clock = () => performance.now(),
}: StageRunnerOptions): StageRunner {
  return {
    run: async (stage) => {
      throwIfCancelled(signal, stage.name);
      const key = stageKey(stage);
      const found = await store.find(stage.name, key);
      if (found) {
        store.append({ type: 'stage-finished', stage: stage.name, reused: true });
        return found;
      }
      store.append({ type: 'stage-started', stage: stage.name });
      const { context, flush } = createStageContext({ store, stage: stage.name, signal, clock });
      const artifact = await store.create(stage.name, key, async (folder) => {
        await execute(stage, folder, context);
        throwIfCancelled(signal, stage.name);
      });
      flush();
      store.append({ type: 'stage-finished', stage: stage.name, reused: false });
      return artifact;
    },
  };
}
