import type {
  AuditStatistics,
  FeedbackEffect,
  ProbabilityEstimator,
  WordInput,
} from '@feedprint/probe';
import type { PartOf } from '@feedprint/report';
import type { words as chapter } from '@feedprint/report/chapters/words';
import type { AuditContext } from '../context.ts';
import type { PlaceboCounts } from '../placebos/placebo-parts.ts';
import { randomOf } from '../random.ts';
import { placeboCounts, wordEvidence } from './evidence.ts';

export type PlaceboVerdicts = PartOf<typeof chapter>['verdict']['placebos'];

/** Times that the stated feedback is dealt out among the words. */
const DEALS = 20;
/** Deals that may reach a verdict without its being withdrawn. */
const CHANCE = 1;

/** What models that never saw the feedback are judged to have learned, as the words are. */
export const judgeModels = (
  context: AuditContext,
  { base, models }: PlaceboCounts,
  { estimator, input }: { readonly estimator: ProbabilityEstimator; readonly input: WordInput },
): PlaceboVerdicts['models'] =>
  models.map(({ name, description, counts }) => {
    const words = wordEvidence(context, placeboCounts(context, base, counts));
    const { estimates } = estimator.estimate({ ...input, words });
    const effect = context.parts.statistics.judge({
      estimates,
      stated: words.map(({ stated }) => stated),
      expectedCounts: words.map(({ expectedCount }) => expectedCount),
    });
    return { name, description, ...effect };
  });

/** What is judged to have been learned if the stated feedback is dealt out among the words. */
export function judgeDeals(
  context: AuditContext,
  estimates: ArrayLike<number>,
  words: WordInput['words'],
): PlaceboVerdicts['dealt'] {
  const { statistics } = context.parts;
  const random = randomOf(context, 'dealt labels');
  const verdicts = Array.from({ length: DEALS }, () =>
    judgeDeal(statistics, estimates, words, random.shuffle(words.map(({ stated }) => stated))),
  );
  const count = (verdict: FeedbackEffect['verdict']): number =>
    verdicts.filter((one) => one === verdict).length;
  return { deals: DEALS, learned: count('learned'), reversed: count('reversed') };
}

const judgeDeal = (
  statistics: AuditStatistics,
  estimates: ArrayLike<number>,
  words: WordInput['words'],
  stated: readonly number[],
): FeedbackEffect['verdict'] =>
  statistics.judge({
    estimates,
    stated,
    expectedCounts: words.map(({ expectedCount }) => expectedCount),
  }).verdict;

/** The verdict, withdrawn if something that cannot have learned the feedback reaches it too. */
export function withdrawIfReached(
  effect: FeedbackEffect,
  { models, dealt }: Omit<PlaceboVerdicts, 'withdrawn'>,
): { readonly effect: FeedbackEffect; readonly withdrawn: PlaceboVerdicts['withdrawn'] } {
  const { verdict } = effect;
  if (verdict !== 'learned' && verdict !== 'reversed') return { effect, withdrawn: null };
  const reached = models.some((one) => one.verdict === verdict) || dealt[verdict] > CHANCE;
  return reached
    ? { effect: { ...effect, verdict: 'undecided' }, withdrawn: verdict }
    : { effect, withdrawn: null };
}
