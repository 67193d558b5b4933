import { dot, matrix, row } from '@feedprint/core';
import type { Edit, Matrix } from '@feedprint/core';
import { batchesOf } from '../capture/batches.ts';
import { seedOf } from '../random.ts';
import type { AuditContext } from '../context.ts';
import { predicting, wordLogProbs } from './at-prediction.ts';
import type { AtPrediction, Passes } from './at-prediction.ts';
import type { SiteChange } from './site-change.ts';
import type { WordWindow } from './word-windows.ts';

/** Number of windows on which the first-order effect is compared with the actual one. */
export const PATCHED = 128;

/**
 * Replaces the tuned model's activation with the base's where the word is predicted, and measures what that changes.
 */
export async function patch(
  context: AuditContext,
  site: string,
  windows: readonly WordWindow[],
  logProbs: Passes['logProbs'],
  { gradient, tuned, base }: AtPrediction & { readonly gradient: Matrix },
): Promise<SiteChange['patched']> {
  const model = context.models.tuned;
  const every = Math.max(1, Math.ceil(windows.length / PATCHED));
  const chosen = Array.from(windows.keys()).filter((i) => i % every === 0);
  const rows = chosen.map((i) => (windows[i] as WordWindow).tokens);
  const truth: number[] = [];
  for (const { start, end } of batchesOf(rows, model.info.vocabularySize)) {
    const batch = rows.slice(start, end);
    const at = predicting(batch);
    const edit: Edit = {
      site,
      apply(x) {
        const patched = matrix(x.rows, x.columns, x.data.slice());
        at.forEach((r, i) =>
          patched.data.set(row(base, chosen[start + i] as number), r * x.columns),
        );
        return patched;
      },
    };
    const patched = await model.run(batch, { tokenLogProbs: true, edits: [edit] });
    wordLogProbs(patched.tokenLogProbs, at).forEach((value, i) =>
      truth.push((logProbs.tuned[chosen[start + i] as number] as number) - value),
    );
  }
  const firstOrder = chosen.map(
    (i) => dot(row(gradient, i), row(tuned, i)) - dot(row(gradient, i), row(base, i)),
  );
  const seed = seedOf(context, `patch ${site}`);
  return {
    windows: chosen.length,
    correlation: context.parts.statistics.agreement(firstOrder, truth, seed).pearson.value,
  };
}
