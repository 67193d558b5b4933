import type { ChatTurn, Reply } from '@feedprint/core';
import { humanTurn, replyTurn } from '../split-dialogues.ts';
import type { PairTexts } from './layout.ts';
import { dialogueTurns, replyText, turnsText } from './turns.ts';

/** A prompt of turns and what follows it on either side. Throws `UnsoundRow` if that is not the assistant's. */
export function asPair(
  turns: readonly ChatTurn[],
  chosen: readonly ChatTurn[],
  rejected: readonly ChatTurn[],
): PairTexts {
  return {
    prompt: turnsText(turns) + replyTurn,
    chosen: replyText(chosen),
    rejected: replyText(rejected),
    turns,
    ...((chosen.length > 1 || rejected.length > 1) && { replyTurns: { chosen, rejected } }),
  };
}

/** A prompt of turns and one reply to it, as plain text. Throws `UnsoundRow` if that is not the assistant's. */
export const asReply = (
  turns: readonly ChatTurn[],
  reply: readonly ChatTurn[],
): Reply & { readonly turns: readonly ChatTurn[] } => ({
  prompt: turnsText(turns) + replyTurn,
  reply: replyText(reply),
  turns,
});

/** The turns of a prompt that is a text: those of a dialogue, or what a user says. */
export function asked(text: string): readonly ChatTurn[] {
  const turns = text.startsWith(humanTurn) ? dialogueTurns(text) : undefined;
  if (!turns) return [{ role: 'user', content: text }];
  const last = turns.at(-1);
  return last?.role === 'assistant' && last.content === '' ? turns.slice(0, -1) : turns;
}

/** A pair of texts with the turns of its prompt, if that is an HH-RLHF dialogue up to "\n\nAssistant:". */
export function withTurns(pair: PairTexts): PairTexts {
  const turns = pair.prompt.endsWith(replyTurn) ? dialogueTurns(pair.prompt) : undefined;
  if (!turns) return pair;
  const replyOf = (text: string) => dialogueTurns(replyTurn + text) ?? [];
  const [chosen, rejected] = [replyOf(pair.chosen), replyOf(pair.rejected)];
  return {
    ...pair,
    turns: turns.slice(0, -1),
    ...((chosen.length > 1 || rejected.length > 1) && { replyTurns: { chosen, rejected } }),
  };
}
