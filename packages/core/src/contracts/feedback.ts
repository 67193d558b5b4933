/** What feedback is given on: a token, a reply, or two replies to one prompt. */
export type Granularity = 'token' | 'sequence' | 'pair';

/** One turn of a conversation. */
export interface ChatTurn {
  /** `system`, `user`, `assistant`, or another that the data know. */
  readonly role: string;
  readonly content: string;
}

/** What a model answered. A plain text counts as a reply to the prompt ''. */
export interface Reply {
  readonly prompt: string;
  readonly reply: string;
  /** The prompt's turns, from which a chat template renders it; absent if the prompt is plain text. */
  readonly turns?: readonly ChatTurn[];
}

/** Two replies to one prompt, of which people (or whoever judges for them) preferred `chosen`. */
export interface PreferencePair {
  readonly id?: string | number;
  /** The prompt as plain text; that of a conversation ends where the assistant's words begin. */
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
  /** The prompt's turns, from which a chat template renders it; absent if the prompt is plain text. */
  readonly turns?: readonly ChatTurn[];
  /** Both replies turn by turn, if either goes on beyond its first turn. */
  readonly replyTurns?: {
    readonly chosen: readonly ChatTurn[];
    readonly rejected: readonly ChatTurn[];
  };
  /** Neither reply was preferred, so that the order says nothing: half of the weight counts for either of them. */
  readonly tie?: true;
  /** How much the comparison counts, above 0; 1 if absent. */
  readonly weight?: number;
  /** By how much `chosen` is better, in the units of the file: a difference of scores, of ranks, a strength. */
  readonly margin?: number;
  /**
   * What each label of the file says of the pair, by its name: above 0 where it prefers `chosen`, 0 for a tie, below 0
   * where it prefers `rejected`. Absent if there is one label only.
   */
  readonly signals?: Readonly<Record<string, number>>;
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
