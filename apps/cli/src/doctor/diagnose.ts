import { availableParallelism, freemem, totalmem } from 'node:os';
import type { Io } from '../io.ts';
import { version } from '../version.ts';
import { onnxruntimeVersion, probeOnnxruntime } from './probe-onnxruntime.ts';
import type { DeviceCheck } from './probe-onnxruntime.ts';
import { probeTensorflow } from './probe-tensorflow.ts';
import type { TensorflowCheck } from './probe-tensorflow.ts';

/** What works on this machine. */
export interface Diagnosis {
  readonly feedprint: string;
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly freeBytes: number;
  readonly onnxruntime: {
    /** Of onnxruntime-node; null if it is not installed. */
    readonly version: string | null;
    readonly devices: readonly DeviceCheck[];
  };
  readonly tensorflow: readonly TensorflowCheck[];
  /** Whether OPENAI_API_KEY is set. */
  readonly openaiKey: boolean;
}

/** Tries everything that computes; takes a second or two. */
export async function diagnose({ env }: Pick<Io, 'env'>): Promise<Diagnosis> {
  const [devices, tensorflow] = await Promise.all([probeOnnxruntime(), probeTensorflow()]);
  return {
    feedprint: version,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    freeBytes: freemem(),
    onnxruntime: { version: onnxruntimeVersion(), devices },
    tensorflow,
    openaiKey: (env.OPENAI_API_KEY ?? '') !== '',
  };
}

/** Whether anything here can run a model or train an SAE. */
export const canRun = ({ onnxruntime, tensorflow }: Diagnosis): boolean =>
  [...onnxruntime.devices, ...tensorflow].some(({ works }) => works);
