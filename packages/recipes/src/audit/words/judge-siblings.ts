import type { BetweenRuns, ProbabilityEstimator, WordEvidence, WordInput } from '@feedprint/probe';
import { betweenRuns, withBetweenRuns } from '@feedprint/probe';
import type { PartOf } from '@feedprint/report';
import type { words as chapter } from '@feedprint/report/chapters/words';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import type { SiblingCounts } from '../siblings/siblings.ts';
import { placeboCounts, wordEvidence } from './evidence.ts';
import { judge } from './judge.ts';
import type { JudgedWord } from './judge.ts';

type SiblingVerdicts = NonNullable<PartOf<typeof chapter>['verdict']['siblings']>;

/** What other tunings on the same feedback show. */
export interface BesideSiblings {
  /** The words of the audit, with the spread between runs in their standard errors and intervals. */
  readonly words: WordEvidence[];
  readonly models: SiblingVerdicts['models'];
  readonly spread: number;
}

/** How far words vary from one tuning to the next, and what each of the others is judged to have learned, by the same estimator and beside the rest. */
export function judgeSiblings(
  context: AuditContext,
  counts: SiblingCounts,
  { estimator, input }: { readonly estimator: ProbabilityEstimator; readonly input: WordInput },
): BesideSiblings {
  // As often as in all texts, not in those that siblings are run on: words are judged by it.
  const evidenceOf = (of: SiblingCounts['base']): WordEvidence[] =>
    wordEvidence(context, placeboCounts(context, counts.base, of)).map((word, w) => ({
      ...word,
      expectedCount: known(input.words[w], word.word).expectedCount,
    }));
  const [audited, ...siblings] = [counts.tuned, ...counts.siblings].map(evidenceOf) as [
    WordEvidence[],
    ...WordEvidence[][],
  ];
  const spreadAbout = (own: WordEvidence[], others: WordEvidence[][]): BetweenRuns =>
    betweenRuns({
      words: input.words,
      audited: own.map(({ estimate }) => estimate),
      siblings: others.map((words) => words.map(({ estimate }) => estimate)),
    });
  const models = siblings.map((own, i) => {
    const others = [audited, ...siblings].filter((words) => words !== own);
    const words = withBetweenRuns(own, spreadAbout(own, others));
    const judged = judge(estimator.estimate({ ...input, words }), words, context.parts.statistics);
    const { name } = known(context.siblings[i], 'sibling');
    return { name, ...judged.effect, flagged: flaggedIn(judged.words) };
  });
  const between = spreadAbout(audited, siblings);
  return { words: withBetweenRuns(input.words, between), models, spread: rootMean(between) };
}

/** What siblings show, and what becomes of the words that would have been flagged without them. */
export function siblingVerdicts(
  { models, spread }: Pick<BesideSiblings, 'models' | 'spread'>,
  alone: readonly JudgedWord[],
  words: readonly JudgedWord[],
): SiblingVerdicts {
  const [before, after] = [flaggedIn(alone), flaggedIn(words)];
  return {
    models,
    spread,
    stay: before.filter((word) => after.includes(word)),
    withdrawn: before.filter((word) => !after.includes(word)),
  };
}

/** The words that are flagged, by score. */
const flaggedIn = (words: readonly JudgedWord[]): string[] =>
  words
    .filter(({ flagged }) => flagged)
    .sort((a, b) => b.score - a.score)
    .map(({ word }) => word);

const rootMean = ({ variances }: BetweenRuns): number =>
  Math.sqrt(variances.reduce((sum, value) => sum + value, 0) / variances.length);
