import { batchTexts, positionsPerBatch } from '@feedprint/core';
import type { LanguageModel, Property, Reply } from '@feedprint/core';

/** A reply after its prompt, as token ids. */
export interface ReplyRow {
  readonly row: ArrayLike<number>;
  /** Where the reply begins in `row`, at least 1. */
  readonly start: number;
}

export interface LogProbabilityOptions {
  /** How a prompt and its reply become tokens. Default: as one text, by the model's tokenizer. */
  readonly encoder?: {
    /** Tells encoders apart: two of one name give the same tokens. */
    readonly name: string;
    /** `undefined` for a reply without a token that something precedes. */
    readonly encode: (reply: Reply) => ReplyRow | undefined;
  };
}

/**
 * The mean log-probability (nats) of a reply's tokens after its prompt under a model, such as the base. By default, the
 * reply begins at the first token that is not the prompt's own, and a text that the context does not hold loses its
 * beginning. NaN for a reply without a token that something precedes.
 */
export function logProbabilityProperty(
  model: LanguageModel,
  { encoder }: LogProbabilityOptions = {},
): Property {
  const encode = encoder?.encode ?? plainEncoder(model);
  return {
    name: 'log-probability',
    definition: `The mean log-probability of the reply's tokens under ${model.name}.`,
    source: 'model',
    settings: { model: model.fingerprint, encoder: encoder?.name ?? 'plain' },
    measure: async (replies) => {
      const values = new Float64Array(replies.length).fill(NaN);
      const given = replies.flatMap((reply, index) => {
        const encoded = encode(reply);
        return encoded && encoded.row.length > encoded.start ? [{ index, ...encoded }] : [];
      });
      given.sort((a, b) => a.row.length - b.row.length);
      const rows = given.map(({ row }) => row);
      for (const batch of batchTexts(rows, positionsPerBatch(model.info.vocabularySize))) {
        const texts = batch.map((i) => given[i] as (typeof given)[number]);
        const { tokenLogProbs = new Float32Array() } = await model.run(
          texts.map(({ row }) => row),
          { tokenLogProbs: true },
        );
        let end = 0;
        for (const { index, row, start } of texts) {
          const ofReply = tokenLogProbs.subarray(end + start, end + row.length);
          values[index] = ofReply.reduce((sum, value) => sum + value, 0) / ofReply.length;
          end += row.length;
        }
      }
      return values;
    },
  };
}

const plainEncoder =
  ({ tokenizer, info }: LanguageModel) =>
  ({ prompt, reply }: Reply): ReplyRow => {
    const before = tokenizer.encode(prompt.trimEnd(), { special: true });
    const whole = tokenizer.encode(prompt + reply, { special: true });
    let start = 0;
    while (start < before.length && before[start] === whole[start]) start++;
    const cut = Math.max(0, whole.length - info.contextLength);
    return { row: whole.slice(cut), start: Math.max(1, start - cut) };
  };
