import type {
  AuditStatistics,
  Contradiction,
  EstimatorResult,
  FeedbackEffect,
  WordEvidence,
} from '@feedprint/probe';
import { z } from 'zod';

/** A word as an estimator judges it. */
export const judgedWordSchema = z.strictObject({
  word: z.string(),
  token: z.int(),
  stated: z.number(),
  n: z.int(),
  expectedCount: z
    .number()
    .describe('Occurrences that the base model expects: the sum of its probabilities of the word.'),
  estimate: z.number().nullable().describe('null if there is none.'),
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  drift: z.number().describe('What the estimate would be if the feedback did not score it, nats.'),
  expected: z
    .number()
    .nullable()
    .describe('Estimate predicted from the stated feedback; null if the word is not judged.'),
  score: z.number(),
  reversed: z.number().describe('Probability that it was learned the other way round.'),
  q: z.number(),
  power: z
    .strictObject({ power: z.number(), detectable: z.number().nullable() })
    .nullable()
    .describe('null where the estimator does not say.'),
  flagged: z.boolean(),
});

export type JudgedWord = z.infer<typeof judgedWordSchema>;

export interface Judgement {
  /** Whether the feedback was learned at all, by this estimator. */
  readonly effect: FeedbackEffect;
  /** In the audit's order. */
  readonly words: readonly JudgedWord[];
}

/** One estimator's result, compared with the stated feedback: whether that was learned, and which words contradict it. */
export function judge(
  result: EstimatorResult,
  words: readonly WordEvidence[],
  statistics: AuditStatistics,
): Judgement {
  const { estimates } = result;
  const stated = words.map((word) => word.stated);
  const effect = statistics.judge({
    estimates,
    stated,
    expectedCounts: words.map(({ expectedCount }) => expectedCount),
  });
  const contradictions = result.contradictions ?? statistics.contradictions(estimates, stated);
  return {
    effect,
    // A word can be learned against its feedback only where that was learned.
    words: words.map((word, i) =>
      judgedWord(word, i, result, contradictions[i], effect.verdict === 'learned'),
    ),
  };
}

function judgedWord(
  { word, token, stated, expectedCount, drift = 0 }: WordEvidence,
  i: number,
  { estimates, intervals, n }: EstimatorResult,
  contradiction: Contradiction | null | undefined,
  learned: boolean,
): JudgedWord {
  const estimate = estimates[i] as number;
  const {
    expected = null,
    score = 0,
    reversed = 0,
    q = 1,
    flagged = false,
    power = null,
  } = contradiction ?? {};
  const interval = intervals[i];
  return {
    word,
    token,
    stated,
    n: n[i] as number,
    expectedCount,
    estimate: Number.isNaN(estimate) ? null : estimate,
    interval: interval ? { low: interval.low, high: interval.high } : null,
    drift,
    expected,
    score,
    reversed,
    q,
    power,
    flagged: flagged && learned,
  };
}
