import { dataRule, quoteData } from '@feedprint/core';
import type { ChatMessage } from '@feedprint/core';

/** Asks a yes-or-no question about an explanation. */
export function classifyMessages(explanation: string, question: string): ChatMessage[] {
  return [
    {
      role: 'system',
      content: `You answer a question about a feature of a language model, of which you see a description. ${dataRule} Answer with JSON: {"answer": "yes" or "no", "confidence": a number from 0 to 1}`,
    },
    {
      role: 'user',
      content: `Description:\n<data>\n${quoteData(explanation)}\n</data>\n\nQuestion: ${question}`,
    },
  ];
}
