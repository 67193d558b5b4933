import { batchTexts, FeedprintError } from '@feedprint/core';
import type { FeedbackSignal, LanguageModel, Reply } from '@feedprint/core';

export interface RewardModelOptions {
  /** Which of the model's scores: its name or index. May be left out if there is only one. */
  readonly label?: string | number;
  /** Token ids of an example. Default: prompt and reply as one text, with the tokens that the tokenizer puts around it. */
  readonly encode?: (example: Reply) => readonly number[];
  /**
   * What a text longer than `maxTokens` loses: its beginning or its end, keeping the special tokens around it. Without
   * this setting, such a text is refused.
   */
  readonly truncate?: 'left' | 'right';
  /** Default: the model's context. */
  readonly maxTokens?: number;
  /** Positions of one forward pass, including padding. Default 4096. */
  readonly batchPositions?: number;
}

/**
 * A reward model's score of replies: one output of a sequence classification head, unchanged (no sigmoid), where the
 * model reads it: after the last token that is not padding. `undefined` for a text without tokens.
 *
 * Throws `checkpoint-unsupported` for a model without such a head, `config-invalid` for a label that it does not have;
 * the signal throws `texts-invalid` for a text that is too long, `numbers-invalid` for a score that is not finite.
 */
export function createRewardModelSignal(
  model: LanguageModel,
  options: RewardModelOptions = {},
): FeedbackSignal<'sequence'> {
  const { tokenizer, info } = model;
  const {
    encode = ({ prompt, reply }) => tokenizer.encode(prompt + reply, { special: true }),
    batchPositions = 4096,
  } = options;
  const label = labelIndex(model, options.label);
  const limit = tokenLimit(options.maxTokens, info.contextLength);

  const toRow = (example: Reply, i: number): readonly number[] => {
    const ids = encode(example);
    if (ids.length <= limit) return ids;
    if (options.truncate) return cut(ids, limit, options.truncate, tokenizer.specialIds);
    throw new FeedprintError({
      code: 'texts-invalid',
      message: `text ${i + 1} has ${ids.length} tokens, ${model.name} accepts ${limit}`,
      remedy: 'say which side to truncate, or pass a shorter text',
    });
  };

  return {
    name: `reward-model:${model.name}`,
    granularity: 'sequence',
    range: [-Infinity, Infinity],
    score: async (examples) => {
      const rows = examples.map(toRow);
      const scores = new Array<number | undefined>(rows.length).fill(undefined);
      const order = [...rows.keys()]
        .filter((i) => lengthOf(rows, i) > 0)
        .sort((a, b) => lengthOf(rows, a) - lengthOf(rows, b));
      for (const batch of batchTexts(rows, batchPositions, order)) {
        const texts = batch.map((i) => rows[i] as readonly number[]);
        const { logits } = await model.run(texts, { logits: 'last' });
        batch.forEach((i, r) => {
          const score = logits?.data[r * logits.columns + label];
          if (!Number.isFinite(score)) {
            throw new FeedprintError({
              code: 'numbers-invalid',
              message: `${model.name} scores text ${i + 1} as ${score}`,
              remedy: 'use weights that the architecture can run in 32-bit floats',
            });
          }
          scores[i] = score;
        });
      }
      return scores;
    },
  };
}

const lengthOf = (rows: readonly (readonly number[])[], i: number): number =>
  (rows[i] as readonly number[]).length;

function labelIndex(
  { name, info: { labels } }: LanguageModel,
  label: string | number | undefined,
): number {
  if (labels === undefined) {
    throw new FeedprintError({
      code: 'checkpoint-unsupported',
      message: `${name} predicts tokens; it has no head that scores texts`,
      remedy: 'use a checkpoint for sequence classification',
    });
  }
  const index =
    label === undefined && labels.length === 1
      ? 0
      : typeof label === 'number'
        ? label
        : labels.findIndex((known) => known === label);
  if (labels[index] !== undefined) return index;
  throw new FeedprintError({
    code: 'config-invalid',
    message:
      label === undefined
        ? `${name} has ${labels.length} scores, and none of them was chosen`
        : `${name} has no score called ${label}`,
    remedy: `name one of its labels, ${labels.map((known, i) => `${i} ${known}`).join(', ')}`,
  });
}

function tokenLimit(maxTokens: number | undefined, contextLength: number): number {
  if (maxTokens === undefined) return contextLength;
  if (Number.isInteger(maxTokens) && maxTokens >= 1 && maxTokens <= contextLength) return maxTokens;
  throw new FeedprintError({
    code: 'config-invalid',
    message: `maxTokens is ${maxTokens}`,
    remedy: `pass a whole number from 1 to the context of ${contextLength} tokens`,
  });
}

/** At most `limit` of the ids, dropped from one side; the special ones at either end stay. */
function cut(
  ids: readonly number[],
  limit: number,
  side: 'left' | 'right',
  specialIds: ReadonlySet<number>,
): readonly number[] {
  const isText = (id: number): boolean => !specialIds.has(id);
  const start = Math.max(0, ids.findIndex(isText));
  const end = ids.findLastIndex(isText) + 1;
  const room = limit - start - (ids.length - end);
  // There is no room for text between the special tokens: the ids are simply cut.
  if (room <= 0) return side === 'left' ? ids.slice(-limit) : ids.slice(0, limit);
  const kept = side === 'left' ? ids.slice(end - room, end) : ids.slice(start, start + room);
  return [...ids.slice(0, start), ...kept, ...ids.slice(end)];
}
