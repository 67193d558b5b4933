import { z } from 'zod';
import { dots } from './charts/dots.ts';
import type { DotRow } from './charts/dots.ts';
import { responsive } from './charts/frame.ts';
import { bracketed, count, fixed, signed } from './format.ts';
import { html } from './html.ts';
import type { Markup } from './html.ts';
import { listed } from './text.ts';
import { bootstrapped } from './shapes.ts';

/** How often one way of scoring replies prefers the labelled one. */
export const pairAccuracy = z.strictObject({
  scorer: z.string(),
  description: z.string(),
  role: z.enum(['learned', 'probe', 'control']),
  split: z.string().describe('Set of pairs; "all" is every pair.'),
  accuracy: z.strictObject({
    value: z.number().nullable(),
    interval: bootstrapped,
    n: z.int().describe('Number of pairs.'),
  }),
  auroc: z.number().nullable(),
  comparisons: z.array(
    z.strictObject({
      control: z.string(),
      difference: z.number().describe('Accuracy minus that of the control, on the same pairs.'),
      interval: bootstrapped,
      matched: z.boolean().describe('The interval does not lie above 0.'),
    }),
  ),
});

export type PairAccuracyReport = z.infer<typeof pairAccuracy>;

/** How often each way of scoring replies prefers the labelled one, per set of pairs, compared with controls. */
export function accuracyPicture(accuracies: readonly PairAccuracyReport[]): Markup {
  const splits = [...new Set(accuracies.map(({ split }) => split))];
  const shown = splits.length > 1 ? splits.slice(1) : splits;
  return html`<h3>How often is the labelled reply preferred?</h3>
    <div class="${shown.length > 1 ? 'split even' : ''}">
      ${shown.map((split) => {
        const rows = accuracies.filter((each) => each.split === split);
        return html`<figure>
          ${shown.length > 1 && html`<h4><bdi>${split}</bdi></h4>`}
          ${responsive(
            (width) =>
              dots({
                rows: rows.map(dotRow),
                xTitle: 'Share of pairs',
                reference: 0.5,
                width,
                label: `Accuracy of ${rows.length} scorers on ${split} pairs, with 95 % intervals over prompts.`,
              }),
            { wide: shown.length > 1 ? 530 : 800 },
          )}
        </figure>`;
      })}
    </div>
    <p class="small">
      Filled: the margin, and probes that read the tuned model. Rings: controls, which cannot know
      what was learned. Probes and words are judged on pairs whose prompts they have not seen.
      Intervals and differences are bootstrapped over prompts.
    </p>
    ${verdicts(accuracies, shown)}`;
}

function dotRow(each: PairAccuracyReport): DotRow {
  const { value, interval, n } = each.accuracy;
  return {
    label: each.scorer,
    value,
    interval,
    tone: each.role === 'control' ? 'control' : 'main',
    note: value === null ? 'not defined' : `${fixed(value)} ${bracketed(interval)}`,
    title: `${each.scorer}\n${each.description}\nn = ${count(n)} pairs, AUROC ${fixed(each.auroc, 3)}${each.comparisons
      .map(
        (c) =>
          `\n${signed(c.difference, 3)} ${bracketed(c.interval, 3)} over ${c.control}${c.matched ? ': matched' : ''}`,
      )
      .join('')}`,
  };
}

/** Which figures their controls match, in words. */
function verdicts(accuracies: readonly PairAccuracyReport[], splits: readonly string[]): Markup {
  return html`<ul class="limits small">
    ${splits.flatMap((split) =>
      accuracies
        .filter((each) => each.split === split && each.role !== 'control')
        .map((each) => {
          const matched = each.comparisons.filter((c) => c.matched).map(({ control }) => control);
          const where = splits.length > 1 ? ` (${split})` : '';
          return html`<li>
            ${each.scorer}${where}:
            ${
              matched.length === 0
                ? 'better than every control.'
                : `matched by ${listed(matched)}${matched.length < each.comparisons.length ? '; better than the other controls' : ''}.`
            }
          </li>`;
        }),
    )}
  </ul>`;
}
