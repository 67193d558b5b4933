import { FeedprintError, limitConcurrency } from '@feedprint/core';

export interface PatienceOptions {
  /** Items under way at once. Default: 1. */
  readonly concurrency?: number;
  /** Told how many are done. */
  readonly onDone?: (done: number) => void;
}

/** So many items failing in a row, with none done in between, end the work. */
const patience = 8;

/**
 * Does some work on each item. One whose requests fail is put back to the end and tried again for as long as others succeed, so
 * that one bad answer of a server ends nothing. Throws what the work throws once `patience` items fail in a row, and at once for
 * anything but a failing service.
 */
export async function withPatience<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  { concurrency = 1, onDone }: PatienceOptions = {},
): Promise<R[]> {
  const limit = limitConcurrency(concurrency);
  const results = new Map<number, R>();
  let failures = 0;
  let last: unknown;
  const attempt = async (index: number): Promise<void> => {
    if (failures >= patience) return;
    try {
      results.set(index, await work(items[index] as T));
      failures = 0;
      onDone?.(results.size);
    } catch (error) {
      if (!isPassing(error)) failures = Infinity;
      failures++;
      last = error;
    }
  };
  for (let before = -1; before < results.size && failures < patience;) {
    before = results.size;
    const left = [...items.keys()].filter((index) => !results.has(index));
    if (left.length === 0) break;
    await Promise.all(left.map((index) => limit(() => attempt(index))));
  }
  if (results.size < items.length) throw last;
  return items.map((_, index) => results.get(index) as R);
}

/** Whether another attempt may succeed. */
const isPassing = (error: unknown): boolean =>
  FeedprintError.is(error) && error.code === 'service-failed';
