import { createRequire } from 'node:module';
import { deviceNeeds, devices } from '@feedprint/graph';
import { z } from 'zod';
import { runInChild, urlOf } from './run-in-child.ts';

export interface DeviceCheck {
  readonly device: string;
  readonly works: boolean;
  /** Why not. */
  readonly reason?: string;
  /** What it needs. */
  readonly needs?: string;
}

const answerSchema = z.object({ works: z.boolean(), reason: z.string().optional() });

/** Version of the onnxruntime-node that Feedprint finds; null if there is none. */
export function onnxruntimeVersion(): string | null {
  try {
    const require = createRequire(urlOf('@feedprint/graph'));
    return (require('onnxruntime-node/package.json') as { version: string }).version;
  } catch {
    return null;
  }
}

/** Runs a small graph on every device, each in a process of its own. */
export const probeOnnxruntime = (): Promise<DeviceCheck[]> =>
  Promise.all(
    devices.map(async (device) => {
      const answer = await runInChild(
        `const { probeDevice } = await import(${JSON.stringify(urlOf('@feedprint/graph'))});
         return probeDevice(${JSON.stringify(device)});`,
      );
      const { works, reason } =
        'reason' in answer
          ? { works: false, reason: answer.reason }
          : answerSchema.parse(answer.value);
      if (works) return { device, works };
      return { device, works, reason: withoutPlace(reason ?? ''), needs: deviceNeeds[device] };
    }),
  );

/** Native errors begin with the source file and the condition that failed. */
const withoutPlace = (reason: string): string =>
  reason.includes('backend not found')
    ? 'not in this build of onnxruntime'
    : reason.replace(/^\/\S+ .* was false\. /, '');
