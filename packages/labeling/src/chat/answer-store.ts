import type { ChatMessage, WrittenToken } from '@feedprint/core';

/** Tokens of a request and of its answer. */
export interface TokenUsage {
  readonly input: number;
  /** Thoughts included. */
  readonly output: number;
}

/** What a server answered to one request. */
export interface ChatAnswer {
  /** Empty for a refusal without words. */
  readonly text: string;
  /** Token by token, where log-probabilities were asked for and given. */
  readonly tokens?: readonly WrittenToken[];
  /** The server's limit of tokens ended it. */
  readonly cutOff?: true;
  /** As the server counted; their number of bytes, which is no less, if it did not say. */
  readonly usage: TokenUsage;
}

/** Keeps answers by the hash of the whole request. A `Map` is one. */
export interface AnswerStore {
  get(key: string): ChatAnswer | undefined;
  /** `asked` is what it answers, for stores that people look into. */
  set(key: string, answer: ChatAnswer, asked?: readonly ChatMessage[]): unknown;
}
