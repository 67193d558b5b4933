import type { WordDiscrepancy } from '@feedprint/probe';
import type { ChangeScore } from './changes/change-score.ts';
import { changesStage, measuresOf, readChanges } from './changes/changes.ts';
import { estimateStageNames, estimateStages } from './estimate-stages.ts';
import { readEstimate } from './estimate.ts';
import type { EstimatedFigures } from './judge.ts';
import { withAudit } from './open-audit.ts';
import type { AuditOptions, OpenAudit } from './open-audit.ts';
import { stageSeconds } from './stage-seconds.ts';

export interface Estimates {
  /** As the main estimator judges them, in the audit's order. */
  readonly words: readonly WordDiscrepancy[];
  /** What every estimator, followed by its controls, says about every word. */
  readonly figures: readonly EstimatedFigures[];
  /** What label-free methods say about every word; none where changes are not measured. */
  readonly changes: readonly ChangeScore[];
  /** What each stage took, over all starts of the run. */
  readonly seconds: ReadonlyMap<string, number>;
}

/**
 * The part of an audit that every estimator's figures for words rest on, without labels, validation and report: what a
 * benchmark of estimators runs. The stages are an audit's own, so that one in the same folder takes them over.
 */
export const runEstimates = (options: AuditOptions): Promise<Estimates> =>
  withAudit(options, stageNames, async (audit) => {
    const { context, store } = audit;
    const { estimate } = await estimateStages(audit, ['small']);
    const { words, figures } = await readEstimate(estimate);
    const measures = measuresOf(context);
    const changes = measures
      ? (await readChanges(await changesStage({ ...context, measures }))).scores
      : [];
    const seconds = await stageSeconds(store);
    store.append({ type: 'run-finished' });
    return { words, figures, changes, seconds };
  });

const stageNames = ({ context }: Pick<OpenAudit, 'context'>): string[] => [
  ...estimateStageNames(context, ['small']),
  ...(measuresOf(context) ? ['changes'] : []),
];
