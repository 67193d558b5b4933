import { FeedprintError, batchTexts, positionsPerBatch, row, sameTokens } from '@feedprint/core';
import type { LanguageModel, Matrix, TokenRows } from '@feedprint/core';
import { mismatch } from '../divergence/comparison-errors.ts';
import { sharedVocabulary } from '../divergence/shared-vocabulary.ts';
import { createNextTokenMeter } from './next-token-kl.ts';

/** A token that the tuned model added to a prompt, as the base model sees it given the same prefix. */
export interface ShiftedToken {
  /** Index of the prompt. */
  readonly prompt: number;
  /** Place among the tokens added to it, from 0. */
  readonly position: number;
  readonly token: number;
  /** Rank among the base model's next-token logits, from 1. */
  readonly rank: number;
  /** KL(tuned || base) of the next-token distributions there, nats. */
  readonly kl: number;
  /** log p_tuned / p_base of the token, nats. */
  readonly logRatio: number;
}

export interface TokenShiftOptions {
  /** Most tokens that the tuned model adds to each prompt. */
  readonly newTokens: number;
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops between two batches; the call then throws `cancelled`. */
  readonly signal?: AbortSignal;
}

/** Two passes of one model over the same tokens may give logits this far apart: anything closer counts as equal. */
const TIE = 1e-4;
/** Prompts continued between two progress reports. */
const PROMPTS = 64;

/**
 * Token distribution shift (Lin et al. 2023, arXiv 2312.01552, section 2): the tuned model continues each prompt
 * greedily, and every token that it adds is ranked among the base model's next-token logits for the same prefix. The
 * rank is 1 + the number of tokens whose logit is more than 1e-4 above its own, so that ties and the rounding of two
 * passes count in its favour: a model compared with itself gives rank 1 throughout. A continuation ends before a
 * special token, which is not ranked. The result is in the prompts' order. Throws `models-mismatched` for models with
 * different tokens, `cancelled`, and what `generate` throws.
 */
export async function tokenShift(
  base: LanguageModel,
  tuned: LanguageModel,
  prompts: TokenRows,
  { newTokens, onProgress, signal }: TokenShiftOptions,
): Promise<ShiftedToken[]> {
  if (!sameTokens(base.tokenizer, tuned.tokenizer)) {
    throw mismatch('the models have different tokens');
  }
  const shifted: ShiftedToken[] = [];
  for (let start = 0; start < prompts.length; start += PROMPTS) {
    if (signal?.aborted) {
      throw new FeedprintError({
        code: 'cancelled',
        message: `stopped after ${start} of ${prompts.length} prompts`,
        remedy: 'run it again',
      });
    }
    const some = prompts.slice(start, start + PROMPTS);
    const added = await tuned.generate(some, { maxNewTokens: newTokens, temperature: 0, seed: 0 });
    for (const token of await rankAdded(base, tuned, some, added)) {
      shifted.push({ ...token, prompt: start + token.prompt });
    }
    onProgress?.(start + some.length, prompts.length);
  }
  return shifted;
}

/** Both models' views of tokens that were added to prompts. */
async function rankAdded(
  base: LanguageModel,
  tuned: LanguageModel,
  prompts: TokenRows,
  added: readonly (readonly number[])[],
): Promise<ShiftedToken[]> {
  const vocabularySize = sharedVocabulary(base, tuned);
  const meter = createNextTokenMeter(vocabularySize);
  // The last token predicts nothing that is ranked.
  const texts = prompts.map((prompt, i) => [
    ...Array.from(prompt),
    ...(added[i] ?? []).slice(0, -1),
  ]);
  const grown = [...texts.keys()].filter((i) => (added[i]?.length ?? 0) > 0);
  const found: ShiftedToken[] = [];
  for (const batch of batchTexts(texts, positionsPerBatch(vocabularySize), grown)) {
    const rows = batch.map((i) => texts[i] as number[]);
    const a = (await base.run(rows, { logits: 'all' })).logits as Matrix;
    const b = (await tuned.run(rows, { logits: 'all' })).logits as Matrix;
    let first = 0;
    for (const prompt of batch) {
      const tokens = added[prompt] as readonly number[];
      const before = first + (prompts[prompt] as ArrayLike<number>).length - 1;
      tokens.forEach((token, position) => {
        const ofBase = row(a, before + position);
        const { kl } = meter.measure(ofBase, row(b, before + position));
        const logRatio = meter.logRatio(token);
        found.push({ prompt, position, token, rank: rankOf(ofBase, token), kl, logRatio });
      });
      first += (texts[prompt] as number[]).length;
    }
  }
  return found;
}

function rankOf(logits: Float32Array, token: number): number {
  const own = (logits[token] as number) + TIE;
  let rank = 1;
  for (const logit of logits) if (logit > own) rank++;
  return rank;
}
