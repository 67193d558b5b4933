import type { Engine } from '@feedprint/graph';

export interface TimedEngine extends Engine {
  /** Of each step, in order: when it began and how long it took, in milliseconds. */
  readonly steps: readonly { readonly start: number; readonly duration: number }[];
}

/** An engine that notes how long each training step takes; `clock` gives milliseconds. */
export function createTimedEngine(engine: Engine, clock: () => number): TimedEngine {
  const steps: { start: number; duration: number }[] = [];
  return {
    name: engine.name,
    steps,
    async createTrainingSession(graph, options) {
      const session = await engine.createTrainingSession(graph, options);
      return {
        ...session,
        async step(feeds, variant) {
          const start = clock();
          const metrics = await session.step(feeds, variant);
          steps.push({ start, duration: clock() - start });
          return metrics;
        },
      };
    },
  };
}
