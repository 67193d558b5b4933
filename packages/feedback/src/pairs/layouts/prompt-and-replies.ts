import { replyTurn } from '../split-dialogues.ts';
import { withTurns } from './dialogue-turns.ts';
import type { PairLayout } from './layout.ts';

/** `{prompt, chosen, rejected}`, texts. Replies may begin with the words that end an HH-RLHF prompt. */
export const promptAndReplies: PairLayout = {
  name: 'prompt and replies',
  read: ({ prompt, chosen, rejected }) => {
    if (typeof prompt !== 'string' || typeof chosen !== 'string' || typeof rejected !== 'string') {
      return undefined;
    }
    const reply = (text: string): string =>
      prompt.endsWith(replyTurn) && text.startsWith(replyTurn)
        ? text.slice(replyTurn.length)
        : text;
    return withTurns({ prompt, chosen: reply(chosen), rejected: reply(rejected) });
  },
};
