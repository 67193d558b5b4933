import { percent } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { accuracyPicture } from '../../pair-accuracy.ts';
import type { PairAccuracyReport } from '../../pair-accuracy.ts';
import { pooledTable } from './pooled.ts';
import { section } from '../../section.ts';
import type { Report } from './schema.ts';

/** Probes on features of the replies, beside what needs none; nothing where none could be fitted. */
export function probesSection({ pairProbes: { accuracies, pooled } }: Report): Markup | null {
  const found = accuracies.filter(({ role, split }) => role === 'probe' && split === 'all');
  if (found.length === 0) return null;
  return section(
    {
      id: 'probes',
      title: titleOf(found),
      brief: found
        .map(({ scorer, accuracy }) => `${scorer} ${percent(accuracy.value, 0)}`)
        .join(', '),
    },
    html`<p>
      A probe reads the mean of the tuned model’s features, or of its activations, over each reply,
      and is asked which of the two was preferred. The same is done where nothing can have been
      learned: on the base model, on dictionaries that know nothing, and without any model.
    </p>`,
    accuracyPicture(accuracies),
    pooledTable(pooled),
  );
}

/** What came of the test against the controls. */
const titleOf = (found: readonly PairAccuracyReport[]): string =>
  found.some(({ comparisons }) => comparisons.every(({ matched }) => !matched))
    ? 'The tuned model’s features tell which reply is preferred, better than any control'
    : 'The tuned model’s features tell which reply is preferred no better than controls do';
