import { cohenKappa, rateOf } from '@feedprint/probe';
import { z } from 'zod';
import { differenceOf, meanOf } from './intervals.ts';
import type { JudgedItem } from './judged-item.ts';

const interval = z.strictObject({ low: z.number(), high: z.number() }).nullable();
const rate = z.strictObject({
  events: z.int(),
  trials: z.int(),
  value: z.number().nullable(),
  interval,
});
/** A rate of yeses as it was observed, and corrected for what the judge gets wrong. */
export const correctedRateSchema = z.strictObject({
  observed: rate,
  value: z.number().nullable(),
  interval,
});

const difference = z
  .strictObject({ value: z.number(), interval })
  .nullable()
  .describe('Null where one of the two sides has no items.');

export const judgeCalibrationSchema = z.strictObject({
  judge: z.string(),
  task: z.string(),
  items: z.int(),
  unanswered: z.int().describe('Without a usable answer; they count nowhere.'),
  accuracy: rate,
  sensitivity: rate.describe('Yes where yes is right.'),
  specificity: rate.describe('No where no is right.'),
  bias: difference.describe(
    'Share of yeses minus the share that would be right: above 0 for a judge that says yes too often.',
  ),
  errorBias: z
    .number()
    .nullable()
    .describe('(wrong yeses - wrong noes) / errors, from -1 to 1 (LLM4VV); null without errors.'),
  positionBias: difference.describe(
    'How much more often yes is said too often in the first half of what is asked together than in the second.',
  ),
  evidenceGain: difference.describe(
    'How much more often the same items are judged right than from the description alone; null for what that is.',
  ),
  agreement: z
    .strictObject({ n: z.int(), agreed: z.number().nullable(), kappa: z.number().nullable() })
    .nullable()
    .describe(
      "With a second judge, and Cohen's kappa, null where both always say the same; null without one.",
    ),
});

/** How far a judge can be trusted, by questions whose answers are known. */
export type JudgeCalibration = z.infer<typeof judgeCalibrationSchema>;

export interface CalibratedJudge {
  readonly judge: string;
  readonly task: string;
  readonly items: readonly JudgedItem[];
  /** What another judge said of the same items. */
  readonly second?: readonly JudgedItem[];
  /** What the same judge said of the same items with less to go by. */
  readonly direct?: readonly JudgedItem[];
}

export function summarizeJudge({
  judge,
  task,
  items,
  second,
  direct,
}: CalibratedJudge): JudgeCalibration {
  const answered = items.filter((item): item is AnsweredItem => item.said !== undefined);
  const [good, bad] = [answered.filter(({ truth }) => truth), answered.filter((i) => !i.truth)];
  const right = ({ truth, said }: AnsweredItem): boolean => truth === said;
  const count = (some: readonly AnsweredItem[]) => rateOf(some.filter(right).length, some.length);
  const excess = (some: readonly AnsweredItem[]): number[] =>
    some.map(({ truth, said }) => Number(said) - Number(truth));
  const wrongYes = bad.filter(({ said }) => said).length;
  const errors = answered.filter((item) => !right(item)).length;
  const placed = (first: boolean): number[] =>
    excess(answered.filter(({ place }) => place !== undefined && place < 0.5 === first));
  return {
    judge,
    task,
    items: items.length,
    unanswered: items.length - answered.length,
    accuracy: count(answered),
    sensitivity: count(good),
    specificity: count(bad),
    bias: meanOf(excess(answered)),
    errorBias: errors === 0 ? null : (2 * wrongYes - errors) / errors,
    positionBias: differenceOf(placed(true), placed(false)),
    evidenceGain: direct ? meanOf(gains(items, direct)) : null,
    agreement: second ? agreementOf(items, second) : null,
  };
}

type AnsweredItem = JudgedItem & { readonly said: boolean };

/** Of each item that both answered: 1 where only the first is right, -1 where only the other is. */
const gains = (items: readonly JudgedItem[], others: readonly JudgedItem[]): number[] =>
  items.flatMap(({ truth, said }, i) => {
    const other = others[i]?.said;
    if (said === undefined || other === undefined) return [];
    return [Number(said === truth) - Number(other === truth)];
  });

function agreementOf(items: readonly JudgedItem[], second: readonly JudgedItem[]) {
  const both = items.flatMap(({ said }, i) => {
    const other = second[i]?.said;
    return said === undefined || other === undefined ? [] : [{ said, other }];
  });
  const { kappa, n } = cohenKappa(
    both.map(({ said }) => Number(said)),
    both.map(({ other }) => Number(other)),
  );
  const agreed = both.filter(({ said, other }) => said === other).length;
  return { n, agreed: n === 0 ? null : agreed / n, kappa: Number.isNaN(kappa) ? null : kappa };
}
