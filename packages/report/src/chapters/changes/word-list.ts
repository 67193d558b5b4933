import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';

/** Words with commas between, each on its own whatever direction it is written in. */
export const wordList = (words: readonly string[]): Markup =>
  html`${words.map((word, i) => html`${i > 0 && ', '}<bdi>${word}</bdi>`)}`;
