import { dataRule, quoteData } from '@feedprint/core';
import type { ChatMessage } from '@feedprint/core';
import { close, open } from './mark-text.ts';
import { numbered } from './numbered.ts';

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
