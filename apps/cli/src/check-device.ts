import { FeedprintError } from '@feedprint/core';
import { deviceNeeds, probeDevice } from '@feedprint/graph';
import type { Device } from '@feedprint/graph';

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
