import type { ChangeScore } from './changes/change-score.ts';
import { stageSeconds } from '@feedprint/pipeline';
import { changes } from './changes/changes.ts';
import { withAudit } from './open-audit.ts';
import type { AuditOptions } from './open-audit.ts';
import type { EstimatedFigures } from './estimators/compare.ts';
import { compareEstimators } from './estimators/compare-estimators.ts';
import type { JudgedWord } from './words/judge.ts';
import { judgeWords } from './words/judge-words.ts';

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

const needs = { words: judgeWords, compared: compareEstimators, changes };

/**
 * The part of an audit that every estimator's figures for words are based on, without labels, validation and report:
 * what a benchmark of estimators runs. The stages are the same as in an audit.
 */
export const runEstimates = (options: AuditOptions): Promise<Estimates> =>
  withAudit(options, Object.values(needs), async ({ run }) => {
    await run.finish();
    const found = await run.outputs(needs);
    return {
      words: found.words.words,
      figures: found.compared.figures,
      changes: found.changes[0]?.scores ?? [],
      seconds: await stageSeconds(run.store),
    };
  });
