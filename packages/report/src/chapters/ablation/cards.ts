import type { Card } from '../../chapter.ts';
import { bracketed, count, fixed, mean, percent, probabilityOf, signed } from '../../format.ts';
import { html } from '../../html.ts';
import { plural } from '../../text.ts';
import type { Report } from './schema.ts';

export const cards = (report: Report): readonly Card[] => [recovered(report), ablated(report)];

function recovered({ validation }: Report): Card {
  const values = validation.crossEntropy.flatMap((site) => site.recovered ?? []);
  return {
    title: 'Cross-entropy recovered',
    big: html`${percent(mean(values))}
    ${values.length > 0 && html`<small>mean of ${plural(values.length, 'site')}</small>`}`,
    meaning:
      'How much of the model’s prediction survives when a dictionary’s reconstruction replaces a site.',
    control:
      values.length === 0
        ? 'Not measured.'
        : `From ${percent(Math.min(...values))} to ${percent(Math.max(...values))} by site; a zeroed site recovers ${percent(0, 0)}.`,
  };
}

function ablated({ validation }: Report): Card {
  const none = validation.ablation.find(({ kind }) => kind === 'none')?.reward;
  const related = validation.ablation.find(({ kind }) => kind === 'related');
  const random = validation.ablation.filter(({ against }) => against === 'related');
  const change = related?.reward.difference ?? null;
  const changes = random.flatMap(({ reward }) => reward.difference?.value ?? []);
  return {
    title: 'Effect of ablating related features',
    big: html`${signed(change?.value)}
    ${change !== null && html`<small>feedback per completion</small>`}`,
    meaning:
      none && related && change
        ? `From ${fixed(none.value)} to ${fixed(related.reward.value)} with ${plural(related.features, 'related feature')} off; 95 % interval of the change ${bracketed(change.interval)}; n = ${count(related.n)}.`
        : 'No related features were ablated.',
    control:
      changes.length > 0
        ? `The same number of random features: ${signed(mean(changes))} (mean of ${plural(changes.length, 'draw')}; ${probabilityOf('p', related?.reward.p)}).`
        : 'No random features to compare with.',
  };
}
