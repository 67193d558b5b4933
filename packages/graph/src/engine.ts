import type { Graph } from './graph.ts';
import type { RuntimeOptions } from './start-session.ts';
import { createTrainingSession } from './training-session.ts';
import type { TrainingSession, TrainingSessionOptions } from './training-session.ts';

/** What runs training steps that are described as a graph. */
export interface Engine {
  readonly name: string;
  createTrainingSession(
    graph: Graph,
    options: Omit<TrainingSessionOptions, keyof RuntimeOptions>,
  ): Promise<TrainingSession>;
}

/** Runs graphs on onnxruntime-node. */
export const createOnnxEngine = (runtime: RuntimeOptions = {}): Engine => ({
  name: 'onnxruntime',
  createTrainingSession: (graph, options) =>
    createTrainingSession(graph, { ...options, ...runtime }),
});
