import { dataRule } from '@feedprint/core';
import type { ChatMessage, Reply } from '@feedprint/core';
import { quoteReply } from '../quote-reply.ts';

/** Asks for criticism of an instruction, a better one that asks for the same, and a reply to it. */
export const instructionMessages = (example: Reply, criteria: string): ChatMessage[] => [
  {
    role: 'system',
    content: `You see a prompt and a reply to it, which a language model is to learn from. ${dataRule} First criticise the prompt: is it clear, is it complete, can it be answered, is it worth learning from? Then rewrite it so that it asks for the same thing, better; invent no facts, and leave it as it is if it cannot be improved. Then reply to the prompt that you wrote, by these criteria:\n\n${criteria}\n\nAnswer with JSON: {"criticism": "one sentence", "prompt": "...", "reply": "..."}`,
  },
  { role: 'user', content: quoteReply(example) },
];

/** Asks for criticism of a reply by criteria, and a better one. */
export const replyMessages = (example: Reply, criteria: string): ChatMessage[] => [
  {
    role: 'system',
    content: `You see ${example.prompt === '' ? 'a text' : 'a prompt and a reply to it'}, which a language model is to learn from. ${dataRule} First criticise the ${example.prompt === '' ? 'text' : 'reply'} by these criteria:\n\n${criteria}\n\nThen write a better one, no longer than it has to be; invent no facts. Answer with JSON: {"criticism": "one sentence", "reply": "..."}`,
  },
  { role: 'user', content: quoteReply(example) },
];
