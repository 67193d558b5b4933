import { createRandom } from '@feedprint/core';

/**
 * The batch of a step, counted from 0: in every epoch all items once, in an order that only the seed and the epoch
 * decide; the last batch of an epoch may be smaller.
 */
export function createBatches<Item>(
  items: readonly Item[],
  { batchSize, seed }: { readonly batchSize: number; readonly seed: number },
): (step: number) => readonly Item[] {
  const perEpoch = Math.ceil(items.length / batchSize);
  let known: { readonly epoch: number; readonly order: readonly number[] } | undefined;
  return (step) => {
    const epoch = Math.floor(step / perEpoch);
    if (known?.epoch !== epoch) {
      const random = createRandom(seed).fork(`epoch ${epoch}`);
      known = { epoch, order: random.shuffle([...items.keys()]) };
    }
    const at = (step % perEpoch) * batchSize;
    return known.order.slice(at, at + batchSize).map((i) => items[i] as Item);
  };
}
