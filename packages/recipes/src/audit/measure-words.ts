import { stageSeconds } from '@feedprint/pipeline';
import { FeedprintError } from '@feedprint/core';
import type { ControlEstimate, ExpectedCounts, WordEvidence } from '@feedprint/probe';
import { capture } from './capture/capture.ts';
import { withAudit } from './open-audit.ts';
import type { AuditOptions } from './open-audit.ts';
import { mainEstimator } from './parts.ts';
import { judge } from './words/judge.ts';
import type { Judgement } from './words/judge.ts';
import { judgeWords } from './words/judge-words.ts';
import { wordInput } from './words/word-input.ts';

/** What the models' probabilities say of the scored words. */
export interface MeasuredWords {
  /** As an audit judges them, its placebos included. */
  readonly judged: Judgement;
  /** In the audit's order. */
  readonly words: readonly WordEvidence[];
  /** How often each model expects each of them in each text. */
  readonly counts: ExpectedCounts;
  /** The main estimator's controls. */
  readonly controls: readonly ControlEstimate[];
  /** Token ids of the texts. */
  readonly rows: readonly Int32Array[];
  /** Hashes of what was measured: models, tokenizer, texts, feedback. */
  readonly identity: Readonly<Record<string, string>>;
  /** Seconds that each stage took, over all starts of the run. */
  readonly seconds: ReadonlyMap<string, number>;
  /** How they are judged if something else is stated of each, in their order: without placebos, and without a pass of a model. */
  judgeAgainst(stated: ArrayLike<number>): Judgement;
}

const needs = { capture, words: judgeWords };

/**
 * The part of an audit that needs no dictionary: one pass of both models, and what the main estimator says of the words. The stages are the same
 * as in an audit. Throws `config-invalid` if the main estimator needs dictionaries.
 */
export const measureWords = (options: AuditOptions): Promise<MeasuredWords> =>
  withAudit(options, Object.values(needs), async ({ context, run }) => {
    const { statistics } = context.parts;
    const main = mainEstimator(context.parts);
    if (main.reads !== 'probabilities') {
      throw new FeedprintError({
        code: 'config-invalid',
        message: `the main estimator, ${main.name}, needs dictionaries`,
        remedy: 'put one that reads probabilities first in parts.estimators',
      });
    }
    await run.finish();
    const { capture: captured, words } = await run.outputs(needs);
    const input = wordInput(context, captured);
    return {
      judged: { effect: words.verdict.words, words: words.words },
      words: input.words,
      counts: captured.expectedCounts(),
      controls: main.controls(input),
      rows: context.rows,
      identity: context.identity,
      seconds: await stageSeconds(run.store),
      judgeAgainst(stated) {
        const restated = input.words.map((word, i) => ({ ...word, stated: stated[i] as number }));
        return judge(main.estimate({ ...input, words: restated }), restated, statistics);
      },
    };
  });
