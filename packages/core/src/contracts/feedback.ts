/** What feedback is given on: a token, a reply, or two replies to one prompt. */
export type Granularity = 'token' | 'sequence' | 'pair';

/** What a model answered. A plain text is a reply to the prompt ''. */
export interface Reply {
  readonly prompt: string;
  readonly reply: string;
}

/** Two replies to one prompt, of which people (or whoever stands in for them) preferred `chosen`. */
export interface PreferencePair {
  readonly id?: string | number;
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

/** One thing to score, by granularity. A token is its text, leading space kept: `" good"`. */
export interface FeedbackExamples {
  readonly token: string;
  readonly sequence: Reply;
  readonly pair: PreferencePair;
}

/** What the tuner rewarded. */
export interface FeedbackSignal<G extends Granularity = Granularity> {
  readonly name: string;
  readonly granularity: G;
  /** Smallest and largest score; infinite where the signal has no bound. */
  readonly range: readonly [number, number];
  /** One score per example; `undefined` where the signal says nothing. A pair's is above 0 where `chosen` is the better reply. */
  score(examples: readonly FeedbackExamples[G][]): Promise<readonly (number | undefined)[]>;
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
