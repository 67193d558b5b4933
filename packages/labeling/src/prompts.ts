import { dataRule, quoteData } from '@feedprint/core';
import type { ActivationExample, ChatMessage } from '@feedprint/core';
import type { MarkedWindow } from './scorers/marked-windows.ts';

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

/**
 * Asks which of the numbered texts (from 1) the explanation says are active; with `evidence`, texts on which the feature is
 * known to be active are shown too.
 */
export function detectMessages(
  explanation: string,
  texts: readonly string[],
  evidence: readonly string[] = [],
): ChatMessage[] {
  return aboutTexts(
    `A feature of a language model is active on some texts and silent on others. You see a description of what it responds to, and numbered texts, each as a JSON string. ${dataRule} Decide for each text, from the description alone, whether the feature is active anywhere in it. Any number of them may be active, also none or all. Answer with JSON: {"active": [numbers of the active texts]}`,
    explanation,
    texts,
    evidence,
  );
}

/** Marks around a token, which texts themselves cannot contain. */
const [open, close] = ['⟦', '⟧'];

/** A text with marks around some of its tokens. */
export const markText = ({ tokens, marked }: Pick<MarkedWindow, 'tokens' | 'marked'>): string =>
  tokens
    .map((token, i) => {
      const plain = token.replaceAll(open, '[').replaceAll(close, ']');
      return marked.includes(i) ? `${open}${plain}${close}` : plain;
    })
    .join('');

/** Asks in which of the numbered texts (from 1) the marked tokens are those that the explanation says are active. */
export function fuzzMessages(explanation: string, texts: readonly string[]): ChatMessage[] {
  return aboutTexts(
    `A feature of a language model is active on some tokens of a text. You see a description of what it responds to, and numbered texts, each as a JSON string in which some tokens are marked ${open}like this${close}. ${dataRule} Decide for each text, from the description alone, whether the marked tokens are ones on which the feature is active. That may be so in any number of them, also in none or all. Answer with JSON: {"active": [numbers of the texts whose marks are right]}`,
    explanation,
    texts,
  );
}

/** Asks which of the numbered texts (from 1) lacks what the others share. */
export function intruderMessages(texts: readonly string[]): ChatMessage[] {
  return [
    {
      role: 'system',
      content: `A feature of a language model is active on all of the numbered texts but one, each given as a JSON string. ${dataRule} Find what the others share: words, meaning or form. Say which text is the intruder that lacks it. Answer with JSON: {"intruder": number of the text}`,
    },
    { role: 'user', content: `Texts:\n<data>\n${numbered(texts)}\n</data>` },
  ];
}

const aboutTexts = (
  system: string,
  explanation: string,
  texts: readonly string[],
  evidence: readonly string[] = [],
): ChatMessage[] => [
  { role: 'system', content: system },
  {
    role: 'user',
    content: `Description:\n<data>\n${quoteData(explanation)}\n</data>\n\n${shownTexts(evidence)}Texts:\n<data>\n${numbered(texts)}\n</data>`,
  },
];

const shownTexts = (evidence: readonly string[]): string =>
  evidence.length === 0
    ? ''
    : `Texts on which it is known to be active:\n<data>\n${evidence.map(quoteData).join('\n')}\n</data>\n\n`;

const numbered = (texts: readonly string[]): string =>
  texts.map((text, i) => `${i + 1}. ${quoteData(text)}`).join('\n');
