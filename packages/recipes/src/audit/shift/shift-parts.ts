import type { LanguageModel, Part, TokenRows } from '@feedprint/core';
import type { ShiftedToken } from '@feedprint/activations';
import type { ShiftReport } from '@feedprint/report/chapters/shift';

/** The part with which an audit measures token distribution shift. */
export interface ShiftParts extends Part {
  /** Ranks, under the base model, the tokens that the tuned model adds to prompts greedily. */
  readonly measure: (
    base: LanguageModel,
    tuned: LanguageModel,
    prompts: TokenRows,
    options: {
      readonly newTokens: number;
      readonly onProgress?: (done: number, total: number) => void;
      readonly signal?: AbortSignal;
    },
  ) => Promise<readonly ShiftedToken[]>;
  readonly summarize: (
    tokens: readonly ShiftedToken[],
    options: {
      readonly textOf: (token: number) => string;
      readonly stated: ReadonlyMap<number, number>;
      readonly seed: number;
    },
  ) => ShiftReport;
}
