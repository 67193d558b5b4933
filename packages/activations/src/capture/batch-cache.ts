import { matrix } from '@feedprint/core';
import type { Matrix, Site } from '@feedprint/core';
import type { DividedTexts, TextBatch } from './text-batches.ts';
import type { TextRunner } from './text-runner.ts';

/** The results of one forward pass. */
export interface BatchRows {
  /** Text -> its first row in the matrices. */
  readonly place: ReadonlyMap<number, number>;
  readonly activations: ReadonlyMap<Site, Matrix>;
}

/**
 * Runs batches when they are first asked for and keeps the latest, up to `keptRows` rows in all; a request for a batch
 * that is already running waits for it.
 */
export function createBatchCache(
  runner: TextRunner,
  { firstRow }: Pick<DividedTexts, 'firstRow'>,
  keptRows: number,
): (batch: TextBatch) => Promise<BatchRows> {
  const recent = new Map<TextBatch, { readonly rows: number; readonly done: Promise<BatchRows> }>();
  const start = (batch: TextBatch): { rows: number; done: Promise<BatchRows> } => {
    const place = new Map<number, number>();
    let rows = 0;
    for (const t of batch) {
      place.set(t, rows);
      rows += (firstRow[t + 1] as number) - (firstRow[t] as number);
    }
    const activations = new Map(
      [...runner.widths].map(([site, width]) => [site, matrix(rows, width)]),
    );
    const done = runner
      .run(batch, (t) => place.get(t) as number, activations)
      .then(() => ({ place, activations }));
    done.catch(() => recent.delete(batch));
    return { rows, done };
  };
  return (batch) => {
    const entry = recent.get(batch) ?? start(batch);
    recent.delete(batch);
    recent.set(batch, entry);
    let held = [...recent.values()].reduce((sum, { rows }) => sum + rows, 0);
    for (const [oldest, { rows }] of recent) {
      if (held <= keptRows || oldest === batch) break;
      held -= rows;
      recent.delete(oldest);
    }
    return entry.done;
  };
}
