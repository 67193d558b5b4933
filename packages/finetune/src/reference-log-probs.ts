import { batchTexts, positionsPerBatch } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import { replyLength } from './token-sequence.ts';
import type { TokenSequence } from './token-sequence.ts';

/** Log-probability (nats) of each token of each reply under a model. */
export async function tokenLogProbs(
  model: LanguageModel,
  sequences: readonly TokenSequence[],
): Promise<Float32Array[]> {
  const rows = sequences.map(({ ids }) => ids);
  const order = [...rows.keys()].sort(
    (a, b) =>
      (rows[b] as ArrayLike<number>).length - (rows[a] as ArrayLike<number>).length || a - b,
  );
  const found: Float32Array[] = Array.from(rows, () => new Float32Array());
  for (const batch of batchTexts(rows, positionsPerBatch(model.info.vocabularySize), order)) {
    const texts = batch.map((i) => rows[i] as ArrayLike<number>);
    const { tokenLogProbs: all } = await model.run(texts, { tokenLogProbs: true });
    let end = 0;
    for (const i of batch) {
      const sequence = sequences[i] as TokenSequence;
      end += sequence.ids.length;
      found[i] = (all as Float32Array).slice(end - replyLength(sequence), end);
    }
  }
  return found;
}

/** Log-probability (nats) of each whole reply under a model: what a reference thinks, computed once. */
export const replyLogProbs = async (
  model: LanguageModel,
  sequences: readonly TokenSequence[],
): Promise<number[]> =>
  (await tokenLogProbs(model, sequences)).map((tokens) => tokens.reduce((a, b) => a + b, 0));
