import { bracketed, count, fixed, probabilityOf, signed } from '../../format.ts';
import { shorten } from '../../text.ts';
import type { WordReport } from './schema.ts';

/** What a tooltip says about a word. */
export function wordTitle(word: WordReport): string {
  return [
    shorten(word.word, 60),
    `stated ${signed(word.stated)}`,
    `learned ${signed(word.estimate, 3)} nats ${bracketed(word.interval, 3)}`,
    `expected ${signed(word.expected, 3)} nats`,
    `n = ${count(word.n)}, score ${fixed(word.score)}, ${probabilityOf('q', word.q)}`,
  ].join('\n');
}
