import { FeedprintError } from '@feedprint/core';
import type { Contradiction } from './residual-contradictions.ts';
import { powerOf } from './reversals/power.ts';
import { findReversals, flaggingProbability } from './reversals/reversals.ts';
import { predict, robustRegression } from './robust-regression.ts';
import type { Reversal } from './reversals/reversals.ts';
import type { Interval } from './statistics/interval.ts';

/** An estimate of what the tuned model learned about one word. */
export interface WordEstimate {
  readonly word: string;
  readonly token: number;
  readonly stated: number;
  /** Learned feedback, nats. */
  readonly estimate: number;
  /** 95 % interval. */
  readonly interval: Interval;
  /** Standard error of the estimate from the sampling of texts. */
  readonly standardError: number;
  /** Occurrences in the texts. */
  readonly n: number;
  /** Occurrences that the base model expects given the contexts: the sum of its probabilities of the word. */
  readonly expectedCount: number;
  /** What the estimate would be if the feedback did not score the word, nats: see `vocabularyDrift`. Default 0. */
  readonly drift?: number;
}

/** A word's estimate, compared with what the stated feedback and the word's frequency predict. */
export interface WordDiscrepancy extends WordEstimate, Contradiction {}

/**
 * What stated feedback predicts for an estimate: the sum of coefficient times term over the terms 1, stated, stated x l
 * and l, with l = log(expected count / 20).
 */
export interface StatedLine {
  readonly coefficients: readonly [number, number, number, number];
  /** Robust spread of frequent words around the line, nats. */
  readonly spread: number;
}

/** Expected count at which the variance around the line is twice that of frequent words. */
export const RARE = 50;
/** Expected count at which the frequency term is zero. */
const REFERENCE = 20;
/** Fewest words from which "what the stated feedback predicts" can be estimated. */
const FEWEST = 8;

export interface DiscrepancyOptions {
  /** False discovery rate at which a word is flagged. Default 0.05. */
  readonly rate?: number;
}

/**
 * Scores every word by how far its estimate departs, against its stated feedback, from what that feedback predicts, and flags those that were
 * learned the other way round.
 *
 * Prediction: a robust regression of the estimates on stated, stated x l, l and 1, with l = log(expected count / 20):
 * tuning reaches frequent words more easily. Spread: sigma^2 = s^2 (1 + 50 / expected count) + standard error^2, with s
 * the robust scale of the residuals. score = -sign(stated) (estimate - prediction) / sigma ranks the words. How probable a
 * reversal is, and which are flagged at a false discovery rate, `findReversals` says.
 *
 * Words stated 0 have no side to contradict: score 0, probability 0. With fewer than 8 other words nothing is flagged.
 * Throws `numbers-invalid` for a word without a finite estimate or with an expected count of 0.
 */
export function findDiscrepancies(
  words: readonly WordEstimate[],
  { rate = 0.05 }: DiscrepancyOptions = {},
): WordDiscrepancy[] {
  words.forEach(assertMeasured);
  const line = fitStatedLine(words);
  const { found, mixture } = findReversals(words, rate);
  const flagging = flaggingProbability(found, rate);
  return words.map((word, i) => {
    const expected = line ? predict(terms(word, word.stated), line.coefficients) : word.estimate;
    return {
      ...word,
      expected,
      score: scoreOf(word, expected, line),
      ...(found[i] as Reversal),
      ...(mixture && word.stated !== 0 && { power: powerOf(word, mixture, flagging) }),
    };
  });
}

/** Larger means further against the stated feedback; 0 for a word stated 0. */
function scoreOf(word: WordEstimate, expected: number, line: StatedLine | undefined): number {
  if (!line || word.stated === 0) return 0;
  const sigma = Math.sqrt(line.spread ** 2 * inflation(word) + word.standardError ** 2);
  return (-Math.sign(word.stated) * (word.estimate - expected)) / Math.max(sigma, 1e-12);
}

/** The line that `findDiscrepancies` judges by; `undefined` if fewer than 8 words have a sign. */
export function fitStatedLine(words: readonly WordEstimate[]): StatedLine | undefined {
  const signed = words.filter(({ stated }) => stated !== 0);
  if (signed.length < FEWEST) return undefined;
  const { coefficients, scale } = robustRegression(
    signed.map((word) => terms(word, word.stated).map((term) => term / Math.sqrt(inflation(word)))),
    signed.map((word) => word.estimate / Math.sqrt(inflation(word))),
  );
  return { coefficients: [...coefficients] as [number, number, number, number], spread: scale };
}

const inflation = ({ expectedCount }: WordEstimate): number => 1 + RARE / expectedCount;

function terms({ expectedCount }: WordEstimate, stated: number): readonly number[] {
  const l = Math.log(expectedCount / REFERENCE);
  return [1, stated, stated * l, l];
}

function assertMeasured({ word, ...numbers }: WordEstimate): void {
  const { stated, estimate, standardError, expectedCount } = numbers;
  const finite = [stated, estimate, standardError, expectedCount].every(Number.isFinite);
  if (finite && expectedCount > 0) return;
  throw new FeedprintError({
    code: 'numbers-invalid',
    message: `the word "${word}" was stated ${stated} and estimated ${estimate} (standard error ${standardError}, expected count ${expectedCount})`,
    remedy:
      'leave out words that the base model never expects, and use models whose weights are finite',
  });
}
