import type { Card } from '../../chapter.ts';
import { bracketed, fixed } from '../../format.ts';
import { html } from '../../html.ts';
import { plural } from '../../text.ts';
import { comparison } from './comparisons.ts';
import type { Report } from './schema.ts';

export const cards = (report: Report): readonly Card[] => [agreed(report)];

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
