import { batchTexts, positionsPerBatch } from '@feedprint/core';
import type { LanguageModel, Property, Reply } from '@feedprint/core';

interface EncodedReply {
  readonly row: readonly number[];
  /** Where the reply begins in `row`, at least 1. */
  readonly start: number;
}

/**
 * The mean log-probability (nats) of a reply's tokens after its prompt under a model, such as the base. The reply begins
 * at the first token that is not the prompt's own; a text that the context does not hold loses its beginning. NaN for
 * a reply without a token that something precedes.
 */
export function logProbabilityProperty(model: LanguageModel): Property {
  const { tokenizer, info } = model;
  const encode = ({ prompt, reply }: Reply): EncodedReply => {
    const before = tokenizer.encode(prompt.trimEnd(), { special: true });
    const whole = tokenizer.encode(prompt + reply, { special: true });
    let start = 0;
    while (start < before.length && before[start] === whole[start]) start++;
    const cut = Math.max(0, whole.length - info.contextLength);
    return { row: whole.slice(cut), start: Math.max(1, start - cut) };
  };
  return {
    name: 'log-probability',
    definition: `The mean log-probability of the reply's tokens under ${model.name}.`,
    source: 'model',
    settings: { model: model.fingerprint },
    measure: async (replies) => {
      const encoded = replies.map(encode);
      const values = new Float64Array(replies.length).fill(NaN);
      const order = [...encoded.keys()]
        .filter((i) => replyLength(encoded, i) > 0)
        .sort((a, b) => rowOf(encoded, a).length - rowOf(encoded, b).length);
      const rows = encoded.map(({ row }) => row);
      for (const batch of batchTexts(rows, positionsPerBatch(info.vocabularySize), order)) {
        const { tokenLogProbs } = await model.run(
          batch.map((i) => rowOf(encoded, i)),
          { tokenLogProbs: true },
        );
        let end = 0;
        for (const i of batch) {
          end += rowOf(encoded, i).length;
          const ofReply = (tokenLogProbs as Float32Array).subarray(
            end - replyLength(encoded, i),
            end,
          );
          values[i] = ofReply.reduce((sum, value) => sum + value, 0) / ofReply.length;
        }
      }
      return values;
    },
  };
}

const rowOf = (encoded: readonly EncodedReply[], i: number): readonly number[] =>
  (encoded[i] as EncodedReply).row;

const replyLength = (encoded: readonly EncodedReply[], i: number): number => {
  const { row, start } = encoded[i] as EncodedReply;
  return row.length - start;
};
