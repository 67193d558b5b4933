import { dataRule, quoteData } from '@feedprint/core';
import type { ActivationExample, ChatMessage } from '@feedprint/core';

/** An activation as shown to the model: 0..10, floor(10 a / max), after Bills et al. 2023. */
function activationLevel(activation: number, max: number): number {
  return Math.max(0, Math.min(10, Math.floor((10 * activation) / max)));
}

/**
 * Asks for an explanation of the windows, each token on its line with its level 0..10. `max` is the feature's largest
 * activation, the same for all windows. Where fewer than a fifth of a window's tokens are active, these are listed again.
 */
export function explainMessages(
  examples: readonly ActivationExample[],
  max: number,
): ChatMessage[] {
  const windows = examples.map(({ tokens, activations }, index) => {
    const lines = tokens.map(
      (token, i) => `${quoteData(token)}\t${activationLevel(activations[i] ?? 0, max)}`,
    );
    const active = lines.filter((line) => !line.endsWith('\t0'));
    const sparse = active.length > 0 && active.length < lines.length / 5;
    const repeated = sparse ? `\nactive tokens of window ${index + 1}:\n${active.join('\n')}` : '';
    return `window ${index + 1}:\n${lines.join('\n')}${repeated}`;
  });
  return [
    {
      role: 'system',
      content: `You find out what one feature of a language model responds to. You see windows of text in which it is active. Each line is a token as a JSON string, a tab, and how active the feature is on that token, from 0 (silent) to 10 (its maximum). ${dataRule} Look at the tokens with high activations and say what they share: the words, their meaning or their context. Be as specific as the windows allow, and name the words if they are few. Answer with JSON: {"explanation": "one short phrase"}`,
    },
    { role: 'user', content: `<data>\n${windows.join('\n\n')}\n</data>` },
  ];
}
