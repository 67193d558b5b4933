import { createHash } from 'node:crypto';

/** SHA-256 of what was read of a file, one item after another: a line of JSON each. */
export function hashItems(items: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const item of items) hash.update(`${JSON.stringify(item)}\n`);
  return hash.digest('hex');
}
