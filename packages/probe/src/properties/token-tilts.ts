import { createRandom } from '@feedprint/core';
import { fitBradleyTerry, logLoss } from '../preferences/bradley-terry.ts';
import { sparseDesign } from '../preferences/design.ts';
import { predictDifferences } from '../preferences/difference-ridge.ts';
import { promptFolds } from '../preferences/prompt-folds.ts';
import { wordDifferences } from '../preferences/word-differences.ts';

interface Tokens {
  /** Token ids of a reply. */
  readonly tokens: Int32Array;
}

/** Labelled pairs as tokens. */
export interface TokenPairs {
  readonly chosen: readonly Tokens[];
  readonly rejected: readonly Tokens[];
  /** Number of each pair's prompt, from 0. */
  readonly prompts: Int32Array;
  /** What the base writes. */
  readonly usual: readonly Tokens[];
}

/** What labels make of single tokens. */
export interface TokenTilts {
  /** The weight of |w|² / 2 that was chosen. */
  readonly l2: number;
  /** Sum of the tilts of a reply's tokens, each less the mean tilt of what the base writes. */
  of(reply: Tokens): number;
}

const PENALTIES = [3, 10, 30, 100, 300, 1000] as const;
/** Tokens in which fewer pairs differ have no tilt of their own. */
const LEAST_PAIRS = 3;
const MOST_TOKENS = 20_000;

/**
 * How tuning on pairs would tilt each token wherever it may stand: the Bradley-Terry weights of how often either reply has it,
 * given how long the replies are. A model whose final biases alone are tuned learns these; what a token gains is then, to
 * first order, its tilt less the mean tilt of what the base writes, since a constant on all logits changes nothing. The penalty is
 * the largest whose loss on pairs with other prompts is within a standard error of the smallest (Breiman et al. 1984): tuning
 * stops long before every token is fitted.
 */
export function tokenTilts(
  { chosen, rejected, prompts, usual }: TokenPairs,
  seed: number,
): TokenTilts {
  const { tokens, rows } = wordDifferences(chosen, rejected, {
    leastPairs: LEAST_PAIRS,
    mostTokens: MOST_TOKENS,
  });
  const design = sparseDesign(rows);
  const folds = promptFolds(prompts, createRandom(seed));
  const losses = PENALTIES.map((l2) =>
    folds.flatMap(({ train, test }) => {
      const logits = predictDifferences(
        design.take(test),
        fitBradleyTerry(design.take(train), { l2, leastGain: 1e-6 }),
      );
      return Array.from(logits, (logit) => logLoss(Float64Array.of(logit), Float64Array.of(1)));
    }),
  );
  const l2 = mostPenalised(losses);
  const weights = fitBradleyTerry(design, { l2 });
  const tilts = new Map(Array.from(tokens, (token, j) => [token, weights[j] as number]));
  const tiltOf = (token: number): number => tilts.get(token) ?? 0;
  const all = usual.flatMap((reply) => Array.from(reply.tokens, tiltOf));
  const centre = all.reduce((a, b) => a + b, 0) / Math.max(1, all.length);
  return {
    l2,
    of: (reply) => reply.tokens.reduce((sum, token) => sum + tiltOf(token) - centre, 0),
  };
}

/** The largest penalty whose mean loss is within a standard error of the smallest; the largest of all without losses. */
function mostPenalised(losses: readonly (readonly number[])[]): number {
  const means = losses.map((of) => of.reduce((a, b) => a + b, 0) / Math.max(1, of.length));
  const best = means.indexOf(Math.min(...means));
  const ofBest = losses[best] ?? [];
  const square = ofBest.reduce((sum, loss) => sum + (loss - (means[best] as number)) ** 2, 0);
  const error = Math.sqrt(square) / Math.max(1, ofBest.length);
  const most = means.findLastIndex((loss) => loss <= (means[best] as number) + error);
  return PENALTIES[most] as number;
}
