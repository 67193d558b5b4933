import { lineChart } from '../../charts/line.ts';
import { significant } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import type { CausesReport } from './schema.ts';

/** What adding the direction does to the expected feedback, and how far it moves predictions, dose by dose. */
export function dosesFigure({ doses }: CausesReport): Markup {
  const draw = (measure: 'expected' | 'kl', title: string): Markup =>
    lineChart({
      series: (['base', 'tuned'] as const).map((model) => ({
        points: doses.map((each) => [each.dose, 1000 * each[measure][model]] as const),
        className: model,
        title: `${model}\n${doses.map((each) => `${each.dose}: ${significant(1000 * each[measure][model])}`).join('\n')}`,
      })),
      xTitle: 'dose',
      yTitle: title,
      scale: 'linear',
      width: 300,
      height: 190,
      label: `${title} when multiples of the mean difference along the direction are added, in either model.`,
    });
  return html`<h3>Adding the direction</h3>
    <div class="split even">
      <figure>${draw('expected', 'feedback per 1,000 tokens')}</figure>
      <figure>${draw('kl', 'KL per 1,000 tokens (nats)')}</figure>
    </div>
    <p class="small">
      Dark: the tuned model, grey: the base. Dose 1 adds the mean difference between the models
      along the direction at every position. <code>feedprint generate --steer</code> does the same
      while a model writes.
    </p>`;
}
