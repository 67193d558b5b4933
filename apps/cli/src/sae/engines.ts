import { FeedprintError } from '@feedprint/core';
import { checkDevice, createOnnxEngine } from '@feedprint/graph';
import type { Device, Engine } from '@feedprint/graph';

export const engines = ['onnxruntime', 'tensorflow'] as const;

export interface EngineFlags {
  readonly engine: (typeof engines)[number];
  readonly threads: number;
  readonly device: Device;
}

/** An engine that works here, and what it computes on: onnxruntime's device or TensorFlow.js' backend. */
export interface ReadyEngine {
  readonly engine: Engine;
  readonly runsOn: string;
}

/**
 * What runs the training steps, tried out. TensorFlow.js is loaded only if it is asked for. Throws `usage` for a device that it
 * has not, `dependency-missing`, with what to install, for what does not work here.
 */
export async function createEngine({ engine, threads, device }: EngineFlags): Promise<ReadyEngine> {
  if (engine === 'onnxruntime') {
    await checkDevice(device);
    return { engine: createOnnxEngine({ threads, device }), runsOn: device };
  }
  if (device !== 'cpu') {
    throw new FeedprintError({
      code: 'usage',
      message: `--device ${device} is for onnxruntime; TensorFlow.js takes the fastest backend that it has`,
      remedy: 'leave --device out; feedprint doctor shows what TensorFlow.js has here',
    });
  }
  const { createTfjsEngine } = await import('@feedprint/graph/tfjs');
  const made = createTfjsEngine();
  return { engine: made, runsOn: await made.backend() };
}
