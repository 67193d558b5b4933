import { applyChatTemplate } from '@feedprint/activations';
import type { ChatMessage, Tokenizer } from '@feedprint/core';
import type { ReplyEncoder } from '../encode-pair.ts';

/** Turns as HH-RLHF, and the readers of pairs, write them. */
const turn = /\n\n(Human|Assistant|System): ?/;
const roles: Readonly<Record<string, ChatMessage['role']>> = {
  Human: 'user',
  Assistant: 'assistant',
  System: 'system',
};

/**
 * Prompt and reply as the conversation that a model's chat template makes of them, with its own end of a turn. A prompt that is
 * a dialogue becomes its turns, any other what a user says; a reply to nothing is what a user says.
 */
export function chatEncoder(folder: string, tokenizer: Tokenizer): ReplyEncoder {
  const encode = (messages: readonly ChatMessage[], addGenerationPrompt = false) =>
    tokenizer.encode(applyChatTemplate(folder, messages, { addGenerationPrompt }), {
      special: false,
    });
  return {
    prompt: (prompt) => encode(turnsOf(prompt), true),
    whole: (prompt, reply) =>
      prompt === ''
        ? encode([{ role: 'user', content: reply }])
        : encode([...turnsOf(prompt), { role: 'assistant', content: reply.trimStart() }]),
  };
}

/** The messages of a prompt, without the empty turn that waits for the reply. */
function turnsOf(prompt: string): ChatMessage[] {
  const [before = '', ...parts] = prompt.split(turn);
  if (parts.length === 0 || before.trim() !== '') return [{ role: 'user', content: prompt }];
  const messages: ChatMessage[] = [];
  for (let i = 0; i < parts.length; i += 2) {
    const content = (parts[i + 1] ?? '').trim();
    const role = roles[parts[i] as string] as ChatMessage['role'];
    if (content !== '') messages.push({ role, content });
  }
  return messages;
}
