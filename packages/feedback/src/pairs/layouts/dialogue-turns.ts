import { replyTurn } from '../split-dialogues.ts';
import type { PairTexts } from './layout.ts';
import { dialogueTurns } from './turns.ts';

/** A pair with the turns of its prompt, if that is an HH-RLHF dialogue up to "\n\nAssistant:". */
export function withTurns(pair: PairTexts): PairTexts {
  const turns = pair.prompt.endsWith(replyTurn) ? dialogueTurns(pair.prompt) : undefined;
  if (!turns) return pair;
  const [chosen, rejected] = [pair.chosen, pair.rejected].map(
    (reply) => dialogueTurns(replyTurn + reply) ?? [],
  ) as [NonNullable<typeof turns>, NonNullable<typeof turns>];
  return {
    ...pair,
    turns: turns.slice(0, -1),
    ...((chosen.length > 1 || rejected.length > 1) && { replyTurns: { chosen, rejected } }),
  };
}
