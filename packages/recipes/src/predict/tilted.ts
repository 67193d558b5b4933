import { tokenTilts } from '@feedprint/probe';
import type { TokenPairs } from '@feedprint/probe';
import { randomOf, seedOf } from '../audit/random.ts';
import { known } from '../audit/known.ts';
import { stopOf } from '../audit/properties/continue-prompts.ts';
import { freshReply } from '../audit/properties/fresh-replies.ts';
import type { FreshReply } from '../audit/properties/fresh-replies.ts';
import type { EncodedReply } from '../encode-pair.ts';
import type { PredictContext } from './context.ts';
import { predictedPrompts } from './written.ts';

/** The base's replies as texts and token ids: first ones to all prompts, then second ones. */
export function writtenReplies(
  context: PredictContext,
  tokens: readonly (readonly number[])[],
): FreshReply[] {
  const prompts = predictedPrompts(context);
  return tokens.map((own, i) =>
    freshReply(
      context.base.tokenizer,
      known(prompts[i % prompts.length], 'a prompt'),
      own,
      stopOf(context.pairs),
    ),
  );
}

/** How tuning is expected to change the log-probability of each reply. */
export interface TiltedReplies {
  readonly ratios: Float64Array;
  /** The same for labels that were dealt out at random. */
  readonly placebo: Float64Array;
  /** Penalty of the tokens' tilts. */
  readonly l2: number;
}

/** What the labels make of single tokens, summed over each of the base's replies. */
export function tiltReplies(
  { pairs, settings }: PredictContext,
  replies: readonly FreshReply[],
): TiltedReplies {
  const chosen = pairs.encoded.map((pair) => tokensOf(pair.chosen));
  const rejected = pairs.encoded.map((pair) => tokensOf(pair.rejected));
  const seed = seedOf({ settings }, 'token tilts');
  const usual = replies.map(tokensOf);
  const tilted = (of: Pick<TokenPairs, 'chosen' | 'rejected'>) => {
    const tilts = tokenTilts({ ...of, usual, prompts: pairs.prompts }, seed);
    return { l2: tilts.l2, ratios: Float64Array.from(usual, tilts.of) };
  };
  const random = randomOf({ settings }, 'labels dealt out');
  const kept = chosen.map(() => random.next() < 0.5);
  const dealt = (a: typeof chosen, b: typeof chosen) =>
    kept.map((keep, i) => (keep ? a : b)[i] as (typeof chosen)[number]);
  return {
    ...tilted({ chosen, rejected }),
    placebo: tilted({ chosen: dealt(chosen, rejected), rejected: dealt(rejected, chosen) }).ratios,
  };
}

const tokensOf = ({ row, start }: Pick<EncodedReply, 'start'> & { row: ArrayLike<number> }) => ({
  tokens: Int32Array.from(row).subarray(start),
});
