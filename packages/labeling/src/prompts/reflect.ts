import { dataRule, quoteData } from '@feedprint/core';
import type { ActivationExample, ChatMessage } from '@feedprint/core';
import { close, markText, open } from './mark-text.ts';
import { numbered } from './numbered.ts';

/** Asks for criticism of an explanation, and a better one, beside windows with marks on active tokens and silent windows. */
export function reflectMessages(
  explanation: string,
  active: readonly ActivationExample[],
  silent: readonly ActivationExample[],
): ChatMessage[] {
  const shown = active.map(({ tokens, activations }) =>
    markText({ tokens, marked: activations.flatMap((value, i) => (value > 0 ? [i] : [])) }),
  );
  const others = silent.map(({ tokens }) => tokens.join(''));
  return [
    {
      role: 'system',
      content: `Someone described what one feature of a language model responds to. You see the description, texts in which the tokens on which it is active are marked ${open}like this${close}, and texts on which it is silent. ${dataRule} Criticise the description: does it leave out texts on which the feature is active, does it include texts on which it is silent, could it be more exact? Then write a better one. Answer with JSON: {"criticism": "one sentence", "explanation": "one short phrase"}`,
    },
    {
      role: 'user',
      content: `Description:\n<data>\n${quoteData(explanation)}\n</data>\n\nActive:\n<data>\n${numbered(shown)}\n</data>\n\nSilent:\n<data>\n${numbered(others)}\n</data>`,
    },
  ];
}
