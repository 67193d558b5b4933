import { FeedprintError } from '@feedprint/core';
import { devices } from './devices.ts';
import type { Device } from './devices.ts';
import { Graph } from './graph.ts';
import { add } from './ops/elementwise.ts';
import { matmul } from './ops/linear.ts';
import { createSession } from './session.ts';

export interface DeviceStatus {
  readonly device: Device;
  /** Whether a graph ran there and gave the right numbers. */
  readonly works: boolean;
  /** Why not: the runtime's own words, on one line. */
  readonly reason?: string;
}

/** Runs a small graph on a device and compares its result with the exact one. */
export async function probeDevice(device: Device): Promise<DeviceStatus> {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [2, 3]);
  const w = graph.constant(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
  try {
    const session = await createSession(graph, { outputs: { y: add(matmul(x, w), 1) }, device });
    const { y } = await session.run({
      x: { data: Float32Array.of(1, 0, -1, 2, 1, 0), shape: [2, 3] },
    });
    await session.dispose();
    const numbers = Array.from(y?.data as Float32Array);
    const exact = [-3, -3, 6, 9];
    const works = numbers.every((v, i) => Math.abs(v - (exact[i] as number)) < 1e-3);
    return works
      ? { device, works }
      : {
          device,
          works,
          reason: `it computed ${numbers.join(', ')} instead of ${exact.join(', ')}`,
        };
  } catch (error) {
    return { device, works: false, reason: reasonOf(error) };
  }
}

/** Of all devices, in the order of `devices`. */
export async function probeDevices(): Promise<DeviceStatus[]> {
  const found: DeviceStatus[] = [];
  for (const device of devices) found.push(await probeDevice(device));
  return found;
}

function reasonOf(error: unknown): string {
  const cause = FeedprintError.is(error) && error.cause instanceof Error ? error.cause : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.replaceAll(/\s+/g, ' ').trim();
}
