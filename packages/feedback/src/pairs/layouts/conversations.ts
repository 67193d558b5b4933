import type { ChatTurn } from '@feedprint/core';
import { asPair, asked } from './as-pair.ts';
import { present, UnsoundRow } from './layout.ts';
import type { PairLayout, PairTexts } from './layout.ts';
import { marginOf } from './margin.ts';
import { turnsOf } from './turns.ts';

/**
 * Lists of turns. The prompt is separate (turns or a text), part of both conversations, or both, as in UltraFeedback:
 * the same pair reads the same in all cases. A text prompt before turns of the assistant is what the user says; a text
 * reply after a prompt of turns is what the assistant says.
 */
export const conversations: PairLayout = {
  name: 'conversations',
  fits: ({ prompt, chosen, rejected }) =>
    [chosen, rejected].every((side) => typeof side === 'string' || Array.isArray(side)) &&
    [prompt, chosen, rejected].some(Array.isArray),
  read: (record) => [
    { ...afterPrompt(record['prompt'], record['chosen'], record['rejected']), ...marginOf(record) },
  ],
};

/** A prompt (turns, a text or none) and two replies or whole conversations. Throws `UnsoundRow`. */
export function afterPrompt(given: unknown, first: unknown, second: unknown): PairTexts {
  const prompt = present(given);
  const [chosen, rejected] = [turnsOf(first, 'chosen'), turnsOf(second, 'rejected')];
  if (Array.isArray(prompt)) return afterTurns(turnsOf(prompt, 'prompt'), chosen, rejected);
  if (prompt === undefined) return splitConversations(chosen, rejected);
  if (typeof prompt !== 'string')
    throw new UnsoundRow('a "prompt" that is neither a text nor turns');
  if ([chosen, rejected].every(([turn]) => turn?.role === 'assistant')) {
    return asPair(asked(prompt), chosen, rejected);
  }
  return holding(prompt, chosen, rejected);
}

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

/**
 * Conversations split before the last turn of the assistant up to which they are the same. Throws `UnsoundRow` if there
 * is none.
 */
export function splitConversations(
  chosen: readonly ChatTurn[],
  rejected: readonly ChatTurn[],
): PairTexts {
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
  const pair = splitConversations(chosen, rejected);
  const last = chosen.findLast(({ role }, i) => role === 'user' && isSame(chosen[i], rejected[i]));
  const [whole, said] = [prompt.trim(), last?.content.trim() ?? ''];
  if (pair.prompt.includes(whole) || (said !== '' && whole.includes(said))) return pair;
  throw new UnsoundRow('conversations that do not contain the "prompt"');
}

const isSame = (a: ChatTurn | undefined, b: ChatTurn | undefined): boolean =>
  a !== undefined && a.role === b?.role && a.content === b.content;
