import type { Method } from '../methods/method.ts';

/** Most logits of one pass: 256 MiB, of which a step of training holds about three. */
const LOGITS_PER_PASS = 1 << 26;
const MOST_TOKENS = 4096;

/** Tokens of a pass unless it is said otherwise. */
export const usualTokensPerPass = (vocabularySize: number): number =>
  Math.max(1, Math.min(MOST_TOKENS, Math.floor(LOGITS_PER_PASS / vocabularySize)));

/**
 * Divides a batch into passes of at most `tokens` tokens, items of similar lengths together, so that attention, the only
 * part that sees padding, sees little of it. A longer item gets a pass of its own.
 */
export function divideBatch<Item>(
  batch: readonly Item[],
  { sequences }: Pick<Method<Item>, 'sequences'>,
  tokens: number,
): Item[][] {
  const lengths = batch.map((item) => sequences(item).map(({ ids }) => ids.length - 1));
  const longest = lengths.map((each) => Math.max(...each));
  const order = [...batch.keys()].sort(
    (a, b) => (longest[b] as number) - (longest[a] as number) || a - b,
  );
  const passes: Item[][] = [];
  let room = 0;
  for (const i of order) {
    const size = (lengths[i] as number[]).reduce((a, b) => a + b, 0);
    if (size > room) {
      passes.push([]);
      room = tokens;
    }
    passes.at(-1)?.push(batch[i] as Item);
    room -= size;
  }
  return passes;
}
