import { FeedprintError } from '@feedprint/core';
import type { Random, Sampling } from '@feedprint/core';
import { heavyKeys, highestKeys, tokenOf } from './ranking.ts';

/** How tokens are drawn from logits. */
export type SamplerSettings = Pick<Sampling, 'temperature' | 'topK' | 'topP' | 'minP'>;

/** Tokens that may be drawn and how probable each is, in order of their ids. */
export interface TokenDistribution {
  readonly tokens: Int32Array;
  readonly probabilities: Float64Array;
}

export interface Sampler {
  /** A token drawn from logits `[vocabulary]`. Throws `numbers-invalid` for NaN, or if no logit is finite. */
  draw(logits: Float32Array, random: Random): number;
  /** The distribution that `draw` draws from. Throws what `draw` throws. */
  distribution(logits: Float32Array): TokenDistribution;
}

/** The last token that may be drawn; tokens with a higher logit, or an equal one and a lower id, may be drawn too. */
interface Cut {
  readonly logit: number;
  readonly token: number;
}

/**
 * Draws tokens after temperature, top-k, top-p and min-p, in the order of `transformers`: each acts on what the
 * previous one left. Tokens with equal logits rank by their ids, and exactly `topK` are kept (transformers keeps all
 * that are equal to the last one). The settings are not checked: see `checkSampling`.
 */
export function createSampler({
  temperature = 1,
  topK,
  topP = 1,
  minP = 0,
}: SamplerSettings): Sampler {
  let weights = new Float64Array(0);

  /** Fills `weights`, 1 for the most probable token and 0 for those not among `ranked`, and returns their sum. */
  function weigh(logits: Float32Array, ranked: Float64Array | undefined): number {
    const top = logits[mostProbable(logits)] as number;
    const weight = (id: number): number => Math.exp(((logits[id] as number) - top) / temperature);
    if (weights.length !== logits.length) weights = new Float64Array(logits.length);
    let sum = 0;
    if (ranked) {
      weights.fill(0);
      for (const id of ranked.map(tokenOf)) sum += weights[id] = weight(id);
    } else {
      for (let id = 0; id < logits.length; id++) sum += weights[id] = weight(id);
    }
    return sum;
  }

  /** Where the ranking is cut; `undefined` if all tokens with a weight stay. `sum` is the sum of the weights. */
  function cut(
    logits: Float32Array,
    sum: number,
    highest: Float64Array | undefined,
  ): Cut | undefined {
    if (topP === 1 && minP === 0) return undefined;
    // All tokens that weigh less than this have a share below 1 - topP together: no ranking is needed to leave them
    // out.
    const least = Math.max(minP, (1 - 1e-9) * (1 - topP) * (sum / logits.length));
    const ranked = highest ?? heavyKeys(logits, weights, least);
    let above = 0;
    let kept = 0;
    for (; kept < ranked.length; kept++) {
      const weight = weightOf(ranked[kept] as number);
      const stays = (topP === 1 || above < topP * sum) && weight >= minP;
      if (kept > 0 && !stays) break;
      above += weight;
    }
    const token = tokenOf(ranked[kept - 1] as number);
    return { logit: logits[token] as number, token };
  }

  const weightOf = (key: number): number => weights[tokenOf(key)] as number;

  /** Zeroes the weights of tokens that may not be drawn, and returns the sum of the others. */
  function prepare(logits: Float32Array): number {
    const limited = topK !== undefined && topK < logits.length;
    const highest = limited ? highestKeys(logits, topK) : undefined;
    const sum = weigh(logits, highest);
    const last = cut(logits, sum, highest);
    if (!last) return sum;
    let kept = 0;
    for (let id = 0; id < logits.length; id++) {
      const logit = logits[id] as number;
      const stays = logit > last.logit || (logit === last.logit && id <= last.token);
      if (stays) kept += weights[id] as number;
      else weights[id] = 0;
    }
    return kept;
  }

  return {
    draw(logits, random) {
      if (temperature === 0) return mostProbable(logits);
      let rest = random.next() * prepare(logits);
      for (let id = 0; id < weights.length; id++) {
        rest -= weights[id] as number;
        if (rest < 0) return id;
      }
      // Rounding left a small rest of the sum.
      return mostProbable(logits);
    },
    distribution(logits) {
      if (temperature === 0) {
        const token = mostProbable(logits);
        return { tokens: Int32Array.of(token), probabilities: Float64Array.of(1) };
      }
      const sum = prepare(logits);
      const tokens = Int32Array.from(weights.keys()).filter((id) => (weights[id] as number) > 0);
      return {
        tokens,
        probabilities: Float64Array.from(tokens, (id) => (weights[id] as number) / sum),
      };
    },
  };
}

/**
 * The token with the highest logit, the first of equal ones. Throws `numbers-invalid` for NaN, or if no logit is
 * finite.
 */
export function mostProbable(logits: Float32Array): number {
  let best = -1;
  let top = -Infinity;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] as number;
    if (logit > top) {
      top = logit;
      best = id;
    } else if (Number.isNaN(logit)) {
      throw notFinite(`the logit of token ${id} is NaN`);
    }
  }
  if (Number.isFinite(top)) return best;
  throw notFinite(
    best < 0 ? 'no logit is above -Infinity' : `the logit of token ${best} is ${top}`,
  );
}

const notFinite = (message: string): FeedprintError =>
  new FeedprintError({
    code: 'numbers-invalid',
    message,
    remedy: 'check the weights of the model and the edits',
  });
