import type { EstimatorResult, FeedbackEstimator, WordInput } from '@feedprint/probe';
import type { OutputsOf } from '@feedprint/pipeline';
import type { AuditContext } from '../context.ts';
import { mainFeatureEvidence } from '../estimators/feature-evidence.ts';
import type { mainFeatureNeeds } from '../estimators/feature-evidence.ts';
import { mainEstimator } from '../parts.ts';
import type { siblings } from '../siblings/siblings.ts';
import { judgeSiblings } from './judge-siblings.ts';
import type { BesideSiblings } from './judge-siblings.ts';

type Needs = OutputsOf<typeof mainFeatureNeeds & { readonly siblings: typeof siblings }>;

export interface EstimatedWords {
  readonly main: FeedbackEstimator;
  readonly result: EstimatorResult;
  /** Where there are siblings whose words the main estimator can read. */
  readonly beside?: BesideSiblings & {
    /** The result without regard to siblings. */
    readonly alone: EstimatorResult;
  };
}

/** What the main estimator says of the words, with the spread between runs of tuning where siblings show it. */
export function estimateWords(
  context: AuditContext,
  needs: Needs,
  input: WordInput,
): EstimatedWords {
  const main = mainEstimator(context.parts);
  if (main.reads === 'features') {
    return {
      main,
      result: main.estimate({ ...input, ...mainFeatureEvidence(context, needs) }),
    };
  }
  const alone = main.estimate(input);
  const [counts] = needs.siblings;
  if (!counts) return { main, result: alone };
  const beside = judgeSiblings(context, counts, { estimator: main, input });
  const result = main.estimate({ ...input, words: beside.words });
  return { main, result, beside: { ...beside, alone } };
}
