import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Entry {
  shape: number[];
  data_offsets: [number, number];
}

const weights = (folder: string): string => join(folder, 'model.safetensors');

/** Keeps only a share of a checkpoint's weights file. */
export function truncateWeights(folder: string, share: number): void {
  const bytes = readFileSync(weights(folder));
  writeFileSync(weights(folder), bytes.subarray(0, Math.floor(bytes.length * share)));
}

/** Claims another length of the header. */
export function setHeaderLength(folder: string, length: bigint): void {
  const bytes = readFileSync(weights(folder));
  bytes.writeBigUInt64LE(length);
  writeFileSync(weights(folder), bytes);
}

/** Changes the header and leaves the numbers as they are. */
export function changeHeader(
  folder: string,
  change: (header: Record<string, Entry>) => void,
): void {
  const bytes = readFileSync(weights(folder));
  const end = 8 + Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.toString('utf8', 8, end)) as Record<string, Entry>;
  change(header);
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  writeFileSync(weights(folder), Buffer.concat([length, json, bytes.subarray(end)]));
}
