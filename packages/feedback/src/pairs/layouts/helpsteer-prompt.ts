import type { ChatTurn } from '@feedprint/core';
import { asked } from './as-pair.ts';

/** A prompt of HelpSteer 1 and 2: a user's words, in which `<extra_id_1>ROLE` on a line of its own begins a turn. */
export function asksAndAnswers(prompt: unknown): unknown {
  if (typeof prompt !== 'string') return prompt;
  const [first = '', ...parts] = prompt.split(/\n?<extra_id_1>(User|Assistant)\n/);
  if (parts.length === 0) return prompt;
  const turns: ChatTurn[] = [...asked(first)];
  for (let i = 0; i + 1 < parts.length; i += 2) {
    turns.push({ role: (parts[i] as string).toLowerCase(), content: parts[i + 1] as string });
  }
  const last = turns.at(-1);
  return last?.role === 'assistant' && last.content.trim() === '' ? turns.slice(0, -1) : turns;
}
