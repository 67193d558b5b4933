import type { Card } from '../../chapter.ts';
import { count, fixed, percent, probabilityOf } from '../../format.ts';
import { html } from '../../html.ts';
import type { Report } from './schema.ts';

export const cards = (report: Report): readonly Card[] => [flagged(report)];

function flagged({ words, verdict: { words: learned } }: Report): Card {
  const found = words.filter((word) => word.flagged);
  const worst = Math.max(...found.map((word) => word.q));
  return {
    title: 'Mis-learned words',
    big: html`${count(found.length)} <small>of ${count(words.length)} scored</small>`,
    flag: found.length > 0,
    meaning: 'Their learned feedback contradicts the stated feedback beyond chance.',
    control:
      learned.verdict !== 'learned'
        ? 'Not looked for: the stated feedback was not learned, for all that can be told.'
        : found.length === 0
          ? `Smallest q of all words: ${words.length === 0 ? 'none' : fixed(Math.min(...words.map((word) => word.q)), 3)}.`
          : `Largest ${probabilityOf('q', worst)}: at most ${percent(Math.max(worst, 0.001))} of them are expected to be chance.`,
  };
}
