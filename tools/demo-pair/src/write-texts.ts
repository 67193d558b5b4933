import { writeFileSync } from 'node:fs';
import { writeLivelyReview } from './lively-review.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import { writeReview } from './review.ts';

/** How a text is written, by the name of its style. */
export const styles = { even: writeReview, lively: writeLivelyReview } satisfies Record<
  string,
  (random: Random) => string
>;

export type Style = keyof typeof styles;

/** Generates texts, no two of them the same. */
export function generateTexts(style: Style, seed: number, count: number): string[] {
  const random = createRandom(seed);
  const seen = new Set<string>();
  while (seen.size < count) seen.add(styles[style](random));
  return [...seen];
}

/** Writes texts as JSON lines {id, text}, named by `prefix` and their number. */
export function writeTexts(file: string, texts: readonly string[], prefix: string): void {
  const lines = texts.map((text, i) =>
    JSON.stringify({ id: `${prefix}-${String(i + 1).padStart(5, '0')}`, text }),
  );
  writeFileSync(file, `${lines.join('\n')}\n`);
}
