import type { ChangeScore } from './changes/change-score.ts';
import { stageSeconds } from '@feedprint/pipeline';
import { changes } from './changes/changes.ts';
import { withAudit } from './open-audit.ts';
import type { AuditOptions } from './open-audit.ts';
import { estimate } from './words/estimate.ts';
import type { EstimatedFigures, JudgedWord } from './words/judge.ts';

export interface Estimates {
  /** As the main estimator judges them, in the audit's order. */
  readonly words: readonly JudgedWord[];
  /** What every estimator, followed by its controls, says about every word. */
  readonly figures: readonly EstimatedFigures[];
  /** What label-free methods say about every word; empty if changes are not measured. */
  readonly changes: readonly ChangeScore[];
  /** Seconds that each stage took, over all starts of the run. */
  readonly seconds: ReadonlyMap<string, number>;
}

const needs = { estimate, changes };

/**
 * The part of an audit that every estimator's figures for words are based on, without labels, validation and report:
 * what a benchmark of estimators runs. The stages are the same as in an audit.
 */
export const runEstimates = (options: AuditOptions): Promise<Estimates> =>
  withAudit(options, Object.values(needs), async ({ run }) => {
    await run.finish();
    const found = await run.outputs(needs);
    return {
      words: found.estimate.words,
      figures: found.estimate.figures,
      changes: found.changes[0]?.scores ?? [],
      seconds: await stageSeconds(run.store),
    };
  });
