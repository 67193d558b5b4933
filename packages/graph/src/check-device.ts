import { FeedprintError } from '@feedprint/core';
import { deviceNeeds } from './devices.ts';
import type { Device } from './devices.ts';
import { probeDevice } from './probe-devices.ts';

/** Throws `dependency-missing`, with what is needed, for a device of onnxruntime that does not work here. */
export async function checkDevice(device: Device): Promise<void> {
  if (device === 'cpu') return;
  const { works, reason } = await probeDevice(device);
  if (works) return;
  throw new FeedprintError({
    code: 'dependency-missing',
    message: `the device ${device} does not work here (${reason})`,
    remedy: `${deviceNeeds[device]}; or use the device cpu`,
  });
}
