import { FeedprintError } from '@feedprint/core';
import type { Edit, LanguageModel, Matrix, TokenRows } from '@feedprint/core';

/** Next-token logits of rows that grow by one token at a time. */
export interface TokenStepper {
  /** Starts afresh with these rows, all open. Returns the logits after each one's last token, `[rows, vocabulary]`. */
  start(prompts: TokenRows): Promise<Matrix>;
  /** Adds one token to each open row; returns the logits after it, `[open rows, vocabulary]`. */
  step(tokens: Int32Array): Promise<Matrix>;
  /** Keeps only these rows (indices among the open ones, ascending) open. */
  keep(rows: readonly number[]): void;
}

/** Steps by running whole rows again, for models that keep nothing between runs. */
export function createRerunStepper(
  model: Pick<LanguageModel, 'run'>,
  edits: readonly Edit[] = [],
): TokenStepper {
  let open: number[][] = [];
  const logits = async (): Promise<Matrix> => {
    const result = await model.run(open, { logits: 'last', edits });
    if (result.logits) return result.logits;
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: 'the model gave no logits',
      remedy: 'use a LanguageModel that passes its conformance suite',
    });
  };
  return {
    start(prompts) {
      open = prompts.map((prompt) => Array.from(prompt));
      return logits();
    },
    step(tokens) {
      open.forEach((row, i) => row.push(tokens[i] as number));
      return logits();
    },
    keep(rows) {
      open = rows.map((i) => open[i] as number[]);
    },
  };
}
