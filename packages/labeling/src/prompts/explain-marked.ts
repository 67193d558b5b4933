import { dataRule, quoteData } from '@feedprint/core';
import type { ActivationExample, ChatMessage } from '@feedprint/core';
import { activePlaces } from '../scorers/marked-windows.ts';
import { close, markText, open } from './mark-text.ts';
import { numbered } from './numbered.ts';

/** Tokens listed with their levels below a text. */
const listed = 10;

/**
 * Asks for an explanation of texts in which the active tokens are marked, with the strongest of them and their levels of 1 to
 * 10 listed below (as delphi shows them, Paulo et al. 2024). With `contrast`, also shows texts on which the feature is silent,
 * which the explanation must leave out. `max` is the feature's largest activation.
 */
export function explainMarkedMessages(
  examples: readonly ActivationExample[],
  max: number,
  contrast: readonly ActivationExample[] = [],
): ChatMessage[] {
  const shown = examples.map((example, i) => {
    const marked = activePlaces(example, max);
    const strongest = marked
      .map((at) => ({ token: example.tokens[at] ?? '', value: example.activations[at] ?? 0 }))
      .sort((a, b) => b.value - a.value)
      .slice(0, listed)
      .map(({ token, value }) => `(${quoteData(token)} : ${Math.ceil((10 * value) / max)})`);
    const text = markText({ tokens: example.tokens, marked });
    return `${i + 1}. ${quoteData(text)}\nActivations: ${strongest.join(', ')}`;
  });
  const silent = contrast.map(({ tokens }) => tokens.join(''));
  const [apart, others] =
    silent.length === 0
      ? ['', '']
      : [
          ' You also see texts on which it is silent: what they share with the others is not what it responds to.',
          `\n\nSilent:\n<data>\n${numbered(silent)}\n</data>`,
        ];
  return [
    {
      role: 'system',
      content: `You find out what one feature of a language model responds to. You see texts in which the tokens on which it is active are marked ${open}like this${close}, each followed by its strongest tokens and how active it is on them, from 1 to 10 (its maximum).${apart} ${dataRule} Say what the marked tokens and what stands around them have in common: words, meaning, grammar or form. Be as specific as the texts allow, describe no single text, and name the words if they are few. Answer with JSON: {"explanation": "one short phrase"}`,
    },
    { role: 'user', content: `Active:\n<data>\n${shown.join('\n')}\n</data>${others}` },
  ];
}
