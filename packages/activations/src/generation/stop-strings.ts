import type { Tokenizer } from '@feedprint/core';
import { addedText } from './added-text.ts';

/** Whether the text added to a prompt contains a stop string, asked after every new token. */
export type StopTest = (prompt: ArrayLike<number>, added: readonly number[]) => boolean;

/** Extra tokens looked at, beyond those that a stop string can span, for tokens that add no text. */
const SLACK = 8;

/**
 * A test for stop strings; they may span tokens. Only the last tokens are decoded: earlier ones were checked before.
 */
export function createStopTest(
  tokenizer: Pick<Tokenizer, 'decode'>,
  stop: readonly string[],
): StopTest {
  if (stop.length === 0) return () => false;
  // A token adds at least one byte, if it adds any text.
  const longest = Math.max(...stop.map((text) => new TextEncoder().encode(text).length));
  return (prompt, added) => {
    const from = Math.max(0, added.length - longest - SLACK);
    const before = from > 0 ? added.slice(0, from) : prompt;
    const text = addedText(tokenizer, before, added.slice(from));
    return stop.some((end) => text.includes(end));
  };
}
