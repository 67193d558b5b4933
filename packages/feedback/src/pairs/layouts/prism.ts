import type { ChatTurn } from '@feedprint/core';
import { isObject } from '../../readers/row.ts';
import type { JsonObject } from '../../readers/row.ts';
import { numberOf, UnsoundRow } from './layout.ts';
import type { PairLayout, PairTexts } from './layout.ts';
import { rankedPairs } from './ranked.ts';

/**
 * PRISM: in each turn of a conversation, several models answer, people score the answers, and the conversation goes on
 * from the one they chose.
 */
export const prism: PairLayout = {
  name: 'PRISM',
  fits: ({ conversation_history: history }) => Array.isArray(history),
  read: ({ conversation_history: history }) => {
    const said: ChatTurn[] = [];
    const pairs: PairTexts[] = [];
    for (const { user, answers } of turnsIn(history as readonly unknown[])) {
      said.push({ role: 'user', content: user });
      pairs.push(...rankedPairs([...said], answers));
      const chosen = answers.find((answer) => answer.isChosen);
      if (!chosen) break;
      said.push({ role: 'assistant', content: chosen.reply });
    }
    if (pairs.length === 0) throw new UnsoundRow('no turn with two scored answers');
    return pairs;
  },
};

interface PrismTurn {
  readonly user: string;
  readonly answers: {
    readonly reply: string;
    readonly score: number;
    readonly isChosen: boolean;
  }[];
}

/** What was said in each turn, in order. */
function turnsIn(history: readonly unknown[]): PrismTurn[] {
  const turns: PrismTurn[] = [];
  for (const entry of history) {
    const { role, content, score, if_chosen: isChosen } = messageOf(entry);
    if (role === 'user') {
      turns.push({ user: content, answers: [] });
      continue;
    }
    const points = numberOf(score);
    if (points === undefined) throw new UnsoundRow('an answer without a "score"');
    turns.at(-1)?.answers.push({ reply: content, score: points, isChosen: isChosen === true });
  }
  return turns;
}

function messageOf(entry: unknown): JsonObject & { readonly content: string } {
  const message = isObject(entry) ? entry : {};
  if (typeof message['content'] === 'string') return { ...message, content: message['content'] };
  throw new UnsoundRow('an entry of "conversation_history" without "content"');
}
