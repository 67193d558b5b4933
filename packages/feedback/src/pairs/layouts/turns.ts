import { replyTurn } from '../split-dialogues.ts';
import { isObject } from '../../readers/row.ts';
import { UnsoundRow } from './layout.ts';

/** One turn of a conversation. */
export interface Turn {
  readonly role: string;
  readonly content: string;
}

/** A list of turns; a text is one turn of the assistant. Throws `UnsoundRow`. */
export function turnsOf(value: unknown, key: string): readonly Turn[] {
  if (typeof value === 'string') {
    const content = value.startsWith(replyTurn) ? value.slice(replyTurn.length) : value;
    return [{ role: 'assistant', content: content.replace(/^ /, '') }];
  }
  if (!Array.isArray(value)) throw new UnsoundRow(`no "${key}" that is a text or a list of turns`);
  return value.map((turn: unknown) => {
    const { role, content } = isObject(turn) ? turn : {};
    const text = textOf(content, key);
    if (typeof role === 'string' && text !== undefined) return { role, content: text };
    throw new UnsoundRow(`a turn of "${key}" without "role" and "content"`);
  });
}

/** Turns as HH-RLHF writes them. */
export const turnsText = (turns: readonly Turn[]): string =>
  turns.map(({ role, content }) => `\n\n${nameOf(role)}: ${content}`).join('');

/**
 * Turns after a prompt that ends where the assistant's words begin. Throws `UnsoundRow` if they begin with someone
 * else's.
 */
export function replyText(turns: readonly Turn[]): string {
  if (turns[0]?.role !== 'assistant') {
    throw new UnsoundRow('a reply that does not begin with a turn of the assistant');
  }
  return turns.every(({ content }) => content === '')
    ? ''
    : turnsText(turns).slice(replyTurn.length);
}

const nameOf = (role: string): string =>
  ({ user: 'Human', assistant: 'Assistant', system: 'System' })[role] ?? role;

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
