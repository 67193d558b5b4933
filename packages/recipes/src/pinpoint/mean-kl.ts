import { batchTexts, positionsPerBatch, row } from '@feedprint/core';
import type { LanguageModel, Matrix } from '@feedprint/core';
import type { TokenSequence } from '@feedprint/finetune';
import { known } from '../audit/known.ts';

/** Mean KL divergence KL(tuned || base) of the next-token distributions that replies are drawn from, nats per token. */
export async function meanKl(
  tuned: LanguageModel,
  base: LanguageModel,
  sequences: readonly TokenSequence[],
): Promise<number> {
  let [sum, tokens] = [0, 0];
  const rows = sequences.map(({ ids }) => ids);
  for (const batch of batchTexts(rows, positionsPerBatch(base.info.vocabularySize))) {
    const some = batch.map((i) => known(sequences[i], `sequence ${i}`));
    const logitsOf = async (model: LanguageModel): Promise<Matrix> => {
      const result = await model.run(
        some.map(({ ids }) => ids),
        { logits: 'all' },
      );
      return known(result.logits, 'logits');
    };
    const [after, before] = [await logitsOf(tuned), await logitsOf(base)];
    let first = 0;
    for (const { ids, start } of some) {
      for (let t = first + start - 1; t < first + ids.length - 1; t++) {
        sum += klOf(row(after, t), row(before, t));
        tokens++;
      }
      first += ids.length;
    }
  }
  return sum / tokens;
}

/** KL of two softmaxes by their logits. */
function klOf(p: Float32Array, q: Float32Array): number {
  const [logP, logQ] = [logNormaliser(p), logNormaliser(q)];
  let sum = 0;
  for (let v = 0; v < p.length; v++) {
    const own = (p[v] as number) - logP;
    sum += Math.exp(own) * (own - ((q[v] as number) - logQ));
  }
  return sum;
}

function logNormaliser(logits: Float32Array): number {
  const top = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (let v = 0; v < logits.length; v++) sum += Math.exp((logits[v] as number) - top);
  return top + Math.log(sum);
}
