import type { LanguageModel, PreferencePair } from '@feedprint/core';
import { replyLogProbs } from '../audit/properties/log-ratios.ts';
import { repliesOf } from '../encode-pair.ts';
import type { ReplyEncoder } from '../encode-pair.ts';

export interface PairMarginsOptions {
  readonly base: LanguageModel;
  readonly tuned: LanguageModel;
  readonly encoder: ReplyEncoder;
  readonly pairs: readonly PreferencePair[];
}

/**
 * Implicit margins: R of the chosen reply minus that of the rejected one, nats, `[pairs]`; NaN for a pair of which a reply
 * has no token of its own. Of pairs that tuning saw, they hold what it memorised as well as what it learned.
 */
export async function pairMargins({
  base,
  tuned,
  encoder,
  pairs,
}: PairMarginsOptions): Promise<Float64Array> {
  const encoded = pairs.flatMap((pair, place) => encoder.encodePair(pair, place) ?? []);
  const replies = repliesOf(encoded);
  const score = (model: LanguageModel): Promise<Float64Array> =>
    replyLogProbs(model, replies, () => undefined);
  const [before, after] = [await score(base), await score(tuned)];
  const ratios = after.map((value, i) => value - (before[i] as number));
  const margins = new Float64Array(pairs.length).fill(NaN);
  encoded.forEach(({ index }, i) => {
    margins[index] = (ratios[2 * i] as number) - (ratios[2 * i + 1] as number);
  });
  return margins;
}
