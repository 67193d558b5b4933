import type { Engine } from '../engine.ts';
import { loadTfjs } from './load-tfjs.ts';
import type { LoadedTfjs, TfjsOptions } from './load-tfjs.ts';
import { createTfjsTrainingSession } from './training-session.ts';

export interface TfjsEngine extends Engine {
  /** The backend that computes, loaded if need be. Throws `dependency-missing` with what to install. */
  backend(): Promise<string>;
}

/**
 * Runs graphs on TensorFlow.js, which is loaded with the first session. `createTrainingSession` throws `dependency-missing`
 * with what to install.
 */
export function createTfjsEngine(options: TfjsOptions = {}): TfjsEngine {
  let loaded: Promise<LoadedTfjs> | undefined;
  const load = (): Promise<LoadedTfjs> => {
    loaded ??= loadTfjs(options).catch((cause: unknown) => {
      loaded = undefined;
      throw cause;
    });
    return loaded;
  };
  return {
    name: 'tensorflow',
    backend: async () => (await load()).backend,
    createTrainingSession: async (graph, session) =>
      createTfjsTrainingSession(await load(), graph, session),
  };
}
