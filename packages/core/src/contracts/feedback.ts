/** What feedback is given on: a token, a reply, or two replies to one prompt. */
export type Granularity = 'token' | 'sequence' | 'pair';

/** What a model answered. A plain text counts as a reply to the prompt ''. */
export interface Reply {
  readonly prompt: string;
  readonly reply: string;
}

/** Two replies to one prompt, of which people (or whoever judges for them) preferred `chosen`. */
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
  /**
   * One score per example; `undefined` where the signal says nothing. The score of a pair is above 0 where `chosen` is
   * the better reply.
   */
  score(examples: readonly FeedbackExamples[G][]): Promise<readonly (number | undefined)[]>;
}

/** One word of a text in three versions. All three share the left context. */
export interface ContrastiveTriple {
  /** Index of the text. */
  readonly text: number;
  /** Where the word begins in the text, in UTF-16 units. */
  readonly offset: number;
  /** Number of tokens before the word in the text. */
  readonly position: number;
  /** The word found there in the text, as written. */
  readonly original: string;
  /** Tokens before the word, at most the context's length. */
  readonly context: readonly number[];
  /** Tokens of the word in each version, one or more. */
  readonly positive: readonly number[];
  readonly neutral: readonly number[];
  readonly negative: readonly number[];
}

/** Triples, and how many places were dropped for each reason. */
export interface TripleSet {
  readonly triples: readonly ContrastiveTriple[];
  readonly dropped: Readonly<Record<string, number>>;
}
