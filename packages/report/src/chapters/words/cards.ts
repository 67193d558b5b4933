import type { Card } from '../../chapter.ts';
import { bracketed, count, fixed, percent, probabilityOf } from '../../format.ts';
import { html } from '../../html.ts';
import { plural } from '../../text.ts';
import type { Report } from './schema.ts';
import { comparison } from './comparisons.ts';

export const cards = (report: Report): readonly Card[] => [agreed(report), flagged(report)];

function agreed({ agreement }: Report): Card {
  const { tauB, controls } = agreement;
  return {
    title: 'Agreement of learned with stated',
    big: html`τ ${fixed(tauB.value)} <small>${bracketed(tauB.interval)}</small>`,
    meaning: `Kendall’s τ-b over ${plural(tauB.n, 'word')}, 95 % interval; 1 means the same order, 0 no relation.`,
    control:
      controls.length === 0
        ? 'No controls were run.'
        : `Controls: ${controls.map((each) => `${each.control} ${fixed(each.tauB.value)}`).join(', ')}. The estimator ${comparison(agreement)[0]}`,
  };
}

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
