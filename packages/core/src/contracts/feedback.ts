/** What the tuner rewarded. */
export interface FeedbackSignal {
  readonly name: string;
  readonly granularity: 'token' | 'sequence' | 'pair';
  /** Smallest and largest score. */
  readonly range: readonly [number, number];
  /** One score per example; `undefined` where the signal says nothing. A token example is the token's text, leading space kept. */
  score(examples: readonly string[]): readonly (number | undefined)[];
}

/** A text with one target token in three versions. All three share the left context. */
export interface ContrastiveTriple {
  readonly text: number;
  /** Tokens before the target, at most the context's length. */
  readonly context: readonly number[];
  readonly positive: number;
  readonly neutral: number;
  readonly negative: number;
}
