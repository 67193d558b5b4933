import type { ChatTurn } from '@feedprint/core';
import { humanTurn, replyTurn } from '../split-dialogues.ts';
import { present, UnsoundRow } from './layout.ts';
import type { PairLayout, PairTexts } from './layout.ts';
import { dialogueTurns, replyText, turnsOf, turnsText } from './turns.ts';

/**
 * Lists of turns, rewritten in the form of HH-RLHF dialogues. The prompt is separate (turns or a text), part of both
 * conversations, or both, as in UltraFeedback: the same pair reads the same in all cases. A text prompt before turns of
 * the assistant is what the user says; a text reply after a prompt of turns is what the assistant says.
 */
export const conversations: PairLayout = {
  name: 'conversations',
  read: (record) => {
    const prompt = present(record['prompt']);
    const sides = [record['chosen'], record['rejected']];
    if (![prompt, ...sides].some(Array.isArray)) return undefined;
    const [chosen, rejected] = [
      turnsOf(record['chosen'], 'chosen'),
      turnsOf(record['rejected'], 'rejected'),
    ];
    if (Array.isArray(prompt)) return afterTurns(turnsOf(prompt, 'prompt'), chosen, rejected);
    if (prompt === undefined) return split(chosen, rejected);
    if (typeof prompt !== 'string')
      throw new UnsoundRow('a "prompt" that is neither a text nor turns');
    if ([chosen, rejected].every(([first]) => first?.role === 'assistant')) {
      return asPair(asked(prompt), chosen, rejected);
    }
    return holding(prompt, chosen, rejected);
  },
};

function afterTurns(
  prompt: readonly ChatTurn[],
  ...sides: readonly (readonly ChatTurn[])[]
): PairTexts {
  const isWhole = sides.every((turns) => prompt.every((turn, i) => isSame(turn, turns[i])));
  const [chosen = [], rejected = []] = isWhole
    ? sides.map((turns) => turns.slice(prompt.length))
    : sides;
  return asPair(prompt, chosen, rejected);
}

/** Conversations split before the last turn of the assistant up to which they are the same. */
function split(chosen: readonly ChatTurn[], rejected: readonly ChatTurn[]): PairTexts {
  const differ = chosen.findIndex((turn, i) => !isSame(turn, rejected[i]));
  const shared = differ < 0 ? chosen.length : differ;
  const isReply = (i: number): boolean =>
    [chosen, rejected].every((turns) => turns[i]?.role === 'assistant');
  const start = Array.from({ length: shared + 1 }, (_, i) => i).findLast(isReply);
  if (start === undefined) {
    throw new UnsoundRow('conversations that differ before a turn of the assistant');
  }
  return asPair(chosen.slice(0, start), chosen.slice(start), rejected.slice(start));
}

/** Conversations that contain a prompt which is also given as a text. */
function holding(
  prompt: string,
  chosen: readonly ChatTurn[],
  rejected: readonly ChatTurn[],
): PairTexts {
  const pair = split(chosen, rejected);
  const asked = chosen.findLast(({ role }, i) => role === 'user' && isSame(chosen[i], rejected[i]));
  const [whole, said] = [prompt.trim(), asked?.content.trim() ?? ''];
  if (pair.prompt.includes(whole) || (said !== '' && whole.includes(said))) return pair;
  throw new UnsoundRow('conversations that do not contain the "prompt"');
}

/** A prompt of turns and what follows it on either side. Throws `UnsoundRow` if that is not the assistant's. */
function asPair(
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

/** The turns of a prompt that is a text: those of a dialogue, or what a user says. */
function asked(text: string): readonly ChatTurn[] {
  const turns = text.startsWith(humanTurn) ? dialogueTurns(text) : undefined;
  if (!turns) return [{ role: 'user', content: text }];
  const last = turns.at(-1);
  return last?.role === 'assistant' && last.content === '' ? turns.slice(0, -1) : turns;
}

const isSame = (a: ChatTurn | undefined, b: ChatTurn | undefined): boolean =>
  a !== undefined && a.role === b?.role && a.content === b.content;
