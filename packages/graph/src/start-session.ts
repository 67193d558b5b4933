import { FeedprintError } from '@feedprint/core';
import type { InferenceSession } from 'onnxruntime-node';
import { deviceNeeds } from './devices.ts';
import type { Device } from './devices.ts';
import { loadRuntime } from './runtime.ts';
import type { SerializedModel } from './serialize.ts';

/** Where and how a graph runs. */
export interface RuntimeOptions {
  /** Threads inside one operator. Default: all cores, as onnxruntime chooses. */
  readonly threads?: number;
  /** Default: cpu. */
  readonly device?: Device;
}

/**
 * Starts onnxruntime on a model. Throws what `refused` makes of the runtime's words; on any device but the CPU
 * `dependency-missing`, as without onnxruntime-node.
 */
export async function startSession(
  { model, external }: SerializedModel,
  { threads, device = 'cpu' }: RuntimeOptions,
  refused: (words: string, cause: unknown) => FeedprintError,
): Promise<InferenceSession> {
  const ort = await loadRuntime();
  try {
    return await ort.InferenceSession.create(model, {
      executionProviders: [device],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      interOpNumThreads: 1,
      externalData: [...external],
      ...(threads !== undefined && { intraOpNumThreads: threads }),
    });
  } catch (cause) {
    if (device === 'cpu') {
      const words = cause instanceof Error ? cause.message : String(cause);
      throw refused(words.replaceAll(/\s+/g, ' ').trim(), cause);
    }
    throw new FeedprintError({
      code: 'dependency-missing',
      message: `the device ${device} does not work here`,
      remedy: `${deviceNeeds[device]}; or use the device cpu`,
      cause,
    });
  }
}
