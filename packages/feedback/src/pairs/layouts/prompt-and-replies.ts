import { humanTurn, replyTurn } from '../split-dialogues.ts';
import { asPair, withTurns } from './as-pair.ts';
import { present, UnsoundRow } from './layout.ts';
import type { PairLayout } from './layout.ts';
import { marginOf } from './margin.ts';
import { promptColumns, promptOf } from './prompt-columns.ts';
import { turnsOf } from './turns.ts';

/**
 * Texts: what was asked, `chosen` and `rejected`. A prompt called `prompt` is plain text unless it is an HH-RLHF
 * dialogue; replies may begin with the words that end such a prompt. Under other names, and beside a `system`, it is
 * what a user says.
 */
export const promptAndReplies: PairLayout = {
  name: 'prompt and replies',
  fits: (record) =>
    [record['chosen'], record['rejected']].every((side) => typeof side === 'string') &&
    (promptColumns(record).length > 0 || present(record['prompt']) !== undefined) &&
    !Array.isArray(record['prompt']),
  read: (record) => {
    const [chosen, rejected] = [record['chosen'] as string, record['rejected'] as string];
    const prompt = promptOf(record);
    if (prompt === undefined) throw new UnsoundRow('a "prompt" that is neither a text nor turns');
    const margin = marginOf(record);
    if (typeof prompt !== 'string') {
      const [a, b] = [turnsOf(chosen, 'chosen'), turnsOf(rejected, 'rejected')];
      return [{ ...asPair(prompt, a, b), ...margin }];
    }
    const begin = [chosen, rejected].every((text) => text.startsWith(replyTurn));
    const whole = prompt.startsWith(humanTurn) && begin ? openEnded(prompt) : prompt;
    const reply = (text: string): string =>
      whole.endsWith(replyTurn) && text.startsWith(replyTurn) ? text.slice(replyTurn.length) : text;
    return [
      {
        ...withTurns({ prompt: whole, chosen: reply(chosen), rejected: reply(rejected) }),
        ...margin,
      },
    ];
  },
};

const openEnded = (dialogue: string): string =>
  dialogue.endsWith(replyTurn) ? dialogue : dialogue + replyTurn;
