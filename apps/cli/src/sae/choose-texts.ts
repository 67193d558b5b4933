import { FeedprintError } from '@feedprint/core';
import type { Random } from '@feedprint/core';

/** Texts that an SAE is trained on, and others that it never sees. */
export interface SplitTexts {
  readonly train: readonly Int32Array[];
  readonly heldOut: readonly Int32Array[];
}

/** Share of the texts, the last ones, that nothing is trained on. */
const HELD_OUT = 0.1;

/** Holds the last texts out, one at least. Throws `texts-invalid` for fewer than two. */
export function holdOut(rows: readonly Int32Array[], file: string): SplitTexts {
  if (rows.length < 2) {
    throw new FeedprintError({
      code: 'texts-invalid',
      message: `${file} has one text only, and some must be held out from training`,
      remedy: 'give two texts at least',
    });
  }
  const first = rows.length - Math.max(1, Math.round(HELD_OUT * rows.length));
  return { train: rows.slice(0, first), heldOut: rows.slice(first) };
}

/**
 * Whole texts, chosen at random until they hold `tokens` tokens that are no special ones, in their own order; all of them if they
 * hold fewer.
 */
export function chooseTexts(
  rows: readonly Int32Array[],
  tokens: number,
  special: ReadonlySet<number>,
  random: Random,
): Int32Array[] {
  const order = random.shuffle(Int32Array.from(rows.keys()));
  const chosen = new Set<number>();
  let count = 0;
  for (const t of order) {
    if (count >= tokens) break;
    count += (rows[t] as Int32Array).reduce((sum, id) => sum + (special.has(id) ? 0 : 1), 0);
    chosen.add(t);
  }
  return rows.filter((_, t) => chosen.has(t));
}
