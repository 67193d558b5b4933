import type {
  AuditStatistics,
  Contradiction,
  EstimatorResult,
  FeedbackEffect,
  WordEvidence,
  WordFigures,
} from '@feedprint/probe';
import type { AgreementReport } from '@feedprint/report/chapters/words';
import { z } from 'zod';
import { known } from '../known.ts';

/** What is said about one word; all `null` except its identity if nothing is. */
export const estimatedWordSchema = z.strictObject({
  word: z.string(),
  token: z.int(),
  stated: z.number().describe('What the estimate is compared with.'),
  estimate: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.int(),
  score: z.number().nullable(),
  p: z.number().nullable(),
  q: z.number().nullable(),
  flagged: z.boolean().nullable(),
});

export const estimatedFiguresSchema = z.strictObject({
  estimator: z.string(),
  control: z.string().nullable().describe('null: the estimator itself.'),
  words: z.array(estimatedWordSchema).describe("In the audit's order."),
});

type EstimatedWord = z.infer<typeof estimatedWordSchema>;
export type EstimatedFigures = z.infer<typeof estimatedFiguresSchema>;

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
  expected: z.number().nullable().describe('Estimate predicted from the stated feedback.'),
  score: z.number(),
  p: z.number(),
  q: z.number(),
  flagged: z.boolean(),
});

export type JudgedWord = z.infer<typeof judgedWordSchema>;

export interface Judgement {
  readonly report: AgreementReport;
  /** The estimator's figures, then those of its controls. */
  readonly figures: readonly EstimatedFigures[];
  /** Whether the feedback was learned at all, by this estimator. */
  readonly effect: FeedbackEffect;
  /** In the audit's order. */
  readonly words: readonly JudgedWord[];
}

/** One estimator's result, compared with the stated feedback and with its controls. */
export function judge(
  result: EstimatorResult,
  words: readonly WordEvidence[],
  statistics: AuditStatistics,
  seed: number,
): Judgement {
  const { estimator, description, controls } = result;
  const stated = words.map((word) => word.stated);
  const compared = statistics.compare(
    { estimates: result.estimates, stated },
    controls.map((control) => ({ estimates: control.estimates, stated: control.stated ?? stated })),
    seed,
  );
  const effect = statistics.judge({
    estimates: result.estimates,
    stated,
    expectedCounts: words.map(({ expectedCount }) => expectedCount),
  });
  // A word can be learned against its feedback only where that was learned.
  const contradictions = (
    result.contradictions ?? statistics.contradictions(result.estimates, stated)
  ).map((found) => found && { ...found, flagged: found.flagged && effect.verdict === 'learned' });
  const figuresOf = (
    control: string | null,
    figures: WordFigures,
    against: ArrayLike<number>,
    found: readonly (Contradiction | null)[],
  ): EstimatedFigures => ({
    estimator,
    control,
    words: words.map((word, i) => estimatedWord(word, i, figures, against, found[i])),
  });
  const own = figuresOf(null, result, stated, contradictions);
  return {
    report: {
      ...compared.agreement,
      estimator,
      description,
      flagged: own.words.filter(({ flagged }) => flagged === true).length,
      controls: controls.map(({ control, description: about }, i) => {
        const { agreement, advantage } = known(compared.controls[i], control);
        return { ...agreement, control, description: about, advantage };
      }),
    },
    figures: [
      own,
      ...controls.map((control) => {
        const against = control.stated ?? stated;
        const found = statistics.contradictions(control.estimates, against);
        return figuresOf(control.control, control, against, found);
      }),
    ],
    effect,
    words: words.map((word, i) => judgedWord(word, i, result, contradictions[i])),
  };
}

function estimatedWord(
  { word, token }: WordEvidence,
  i: number,
  { estimates, intervals, n }: WordFigures,
  stated: ArrayLike<number>,
  contradiction: Contradiction | null | undefined,
): EstimatedWord {
  const estimate = estimates[i] as number;
  return {
    word,
    token,
    stated: stated[i] as number,
    estimate: Number.isNaN(estimate) ? null : estimate,
    low: intervals[i]?.low ?? null,
    high: intervals[i]?.high ?? null,
    n: n[i] as number,
    score: contradiction?.score ?? null,
    p: contradiction?.p ?? null,
    q: contradiction?.q ?? null,
    flagged: contradiction?.flagged ?? null,
  };
}

function judgedWord(
  { word, token, stated, expectedCount }: WordEvidence,
  i: number,
  { estimates, intervals, n }: WordFigures,
  contradiction: Contradiction | null | undefined,
): JudgedWord {
  const estimate = estimates[i] as number;
  const { expected = null, score = 0, p = 1, q = 1, flagged = false } = contradiction ?? {};
  const interval = intervals[i];
  return {
    word,
    token,
    stated,
    n: n[i] as number,
    expectedCount,
    estimate: Number.isNaN(estimate) ? null : estimate,
    interval: interval ? { low: interval.low, high: interval.high } : null,
    expected,
    score,
    p,
    q,
    flagged,
  };
}
