import type { ChatTurn } from '@feedprint/core';
import { replyTurn } from '../split-dialogues.ts';
import { isObject } from '../../readers/row.ts';
import { UnsoundRow } from './layout.ts';

/**
 * Turns `{role, content}` or `{from, value}`: a list, or a single one; a text is one turn of the assistant. Throws
 * `UnsoundRow`.
 */
export function turnsOf(value: unknown, key: string): readonly ChatTurn[] {
  if (typeof value === 'string') {
    const content = value.startsWith(replyTurn) ? value.slice(replyTurn.length) : value;
    return [{ role: 'assistant', content: content.replace(/^ /, '') }];
  }
  if (isObject(value)) return [turnOf(value, key)];
  if (Array.isArray(value)) return value.map((turn: unknown) => turnOf(turn, key));
  throw new UnsoundRow(`no "${key}" that is a text or a list of turns`);
}

function turnOf(turn: unknown, key: string): ChatTurn {
  const { role, content, from, value } = isObject(turn) ? turn : {};
  const who = role ?? from;
  const text = textOf(content ?? value, key);
  if (typeof who === 'string' && text !== undefined) {
    return { role: aliases[who] ?? who, content: text };
  }
  throw new UnsoundRow(`a turn of "${key}" without "role" and "content"`);
}

/** Other words for the roles. */
const aliases: Readonly<Record<string, string>> = {
  human: 'user',
  gpt: 'assistant',
  model: 'assistant',
};

/** Turns as HH-RLHF writes them. */
export const turnsText = (turns: readonly ChatTurn[]): string =>
  turns.map(({ role, content }) => `\n\n${nameOf(role)}: ${content}`).join('');

/**
 * The turns of a text in the form of HH-RLHF; one that ends with "\n\nAssistant:" ends with an empty turn. `undefined`
 * for a text of another form.
 */
export function dialogueTurns(text: string): readonly ChatTurn[] | undefined {
  const [before, ...parts] = text.split(/\n\n(Human|Assistant|System):/);
  if (before !== '' || parts.length === 0) return undefined;
  return Array.from({ length: parts.length / 2 }, (_, i) => ({
    role: roleOf(parts[2 * i] as string),
    content: (parts[2 * i + 1] as string).replace(/^ /, ''),
  }));
}

/**
 * Turns after a prompt that ends where the assistant's words begin. Throws `UnsoundRow` if they begin with someone
 * else's.
 */
export function replyText(turns: readonly ChatTurn[]): string {
  if (turns[0]?.role !== 'assistant') {
    throw new UnsoundRow('a reply that does not begin with a turn of the assistant');
  }
  return turns.every(({ content }) => content === '')
    ? ''
    : turnsText(turns).slice(replyTurn.length);
}

const names = { user: 'Human', assistant: 'Assistant', system: 'System' } as const;

const nameOf = (role: string): string => (role in names ? names[role as keyof typeof names] : role);

const roleOf = (name: string): string =>
  Object.entries(names).find(([, known]) => known === name)?.[0] ?? name;

/** The text of a turn's content: its parts joined. Throws `UnsoundRow` for a part that is not text. */
function textOf(content: unknown, key: string): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  return content
    .map((part: unknown) => {
      const { type, text } = isObject(part) ? part : {};
      if (typeof text === 'string') return text;
      throw new UnsoundRow(`a turn of "${key}" with a part that is not text (${String(type)})`);
    })
    .join('');
}
