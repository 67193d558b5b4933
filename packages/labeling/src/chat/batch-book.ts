import { z } from 'zod';
import type { BatchBook } from './batch-sender.ts';
import { openJsonLines } from './json-lines.ts';

const lineSchema = z.object({ batch: z.string(), keys: z.array(z.string()) });

/** Batches under way, kept in a file: a run that was killed collects them when it goes on. Throws `output-unwritable`. */
export function openBatchBook(path: string): BatchBook {
  const lines = openJsonLines(path, lineSchema);
  const batches = new Map<string, string>();
  const note = (batch: string, keys: readonly string[]): void =>
    keys.forEach((key) => batches.set(key, batch));
  for (const { batch, keys } of lines.read) note(batch, keys);
  return {
    batchOf: (key) => batches.get(key),
    add: (batch, keys) => {
      lines.append({ batch, keys: [...keys] });
      note(batch, keys);
    },
  };
}
