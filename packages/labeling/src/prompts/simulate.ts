import { dataRule, quoteData } from '@feedprint/core';
import type { ChatMessage } from '@feedprint/core';

/** Asks how active the explanation says that each token of a text is, from 0 to 10 (Bills et al. 2023, in a chat). */
export function simulateMessages(explanation: string, tokens: readonly string[]): ChatMessage[] {
  return [
    {
      role: 'system',
      content: `You predict how active one feature of a language model is on each token of a text, from a description of what it responds to alone: from 0 (silent) to 10 (its maximum). Most features are silent on most tokens. ${dataRule} Write every line of the text again, in order: the token as the JSON string that it is, a tab, and the number. Write nothing else.`,
    },
    {
      role: 'user',
      content: `Description:\n<data>\n${quoteData(explanation)}\n</data>\n\nText:\n<data>\n${tokens.map((token) => `${quoteData(token)}\t?`).join('\n')}\n</data>`,
    },
  ];
}
