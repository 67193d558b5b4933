import type { Tokenizer } from '@feedprint/core';
import type { PlaygroundPrompt } from '../../api/playground.ts';
import { Refused } from '../http/respond.ts';

/** Token ids of a text, or of a chat as the model's own template writes it. Refuses a chat for a model without one. */
export function encodePrompt(tokenizer: Tokenizer, prompt: PlaygroundPrompt): readonly number[] {
  if ('text' in prompt) return tokenizer.encode(prompt.text, { special: true });
  const template = tokenizer.chatTemplate?.();
  if (!template) {
    throw new Refused(422, 'usage', 'The tuned model has no chat template. Give it a text.');
  }
  const addGenerationPrompt = prompt.chat.at(-1)?.role !== 'assistant';
  const text = template.render(prompt.chat, { addGenerationPrompt });
  return tokenizer.encode(text, { special: false });
}
