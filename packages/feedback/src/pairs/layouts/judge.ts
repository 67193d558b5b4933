import { splitDialogues } from '../split-dialogues.ts';
import { withTurns } from './as-pair.ts';
import { afterPrompt } from './conversations.ts';
import { present, UnsoundRow } from './layout.ts';
import type { PairTexts } from './layout.ts';

/** What a file says of two replies. Above 0 is for the first, below 0 for the second. */
export interface Judgement {
  /** Which is preferred; 0 for a tie. */
  readonly preference: number;
  readonly weight?: number;
  /** By how much, without a sign. */
  readonly margin?: number;
  /** All labels, by name, the one that decides first. */
  readonly signals?: Readonly<Record<string, number>>;
}

/**
 * A pair whose first reply stands as `chosen`, turned so that the preferred one does. A tie stays as it is.
 */
export function judge(
  pair: PairTexts,
  { preference, weight, margin, signals }: Judgement,
): PairTexts {
  const turned = preference < 0;
  return {
    ...(turned ? reversed(pair) : pair),
    ...(preference === 0 && { tie: true as const }),
    ...(weight !== undefined && { weight }),
    ...(margin !== undefined && { margin }),
    ...(signals && { signals: turned ? mapped(signals) : signals }),
  };
}

function reversed({ chosen, rejected, replyTurns, ...pair }: PairTexts): PairTexts {
  return {
    ...pair,
    chosen: rejected,
    rejected: chosen,
    ...(replyTurns && {
      replyTurns: { chosen: replyTurns.rejected, rejected: replyTurns.chosen },
    }),
  };
}

const mapped = (signals: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(signals).map(([name, value]) => [name, value === 0 ? 0 : -value]),
  );

/**
 * What a user asked (a text or turns; none: it stands in the replies, or nowhere) and two replies, the first as
 * `chosen`. Throws `UnsoundRow`.
 */
export function repliesTo(prompt: unknown, first: unknown, second: unknown): PairTexts {
  for (const reply of [first, second]) {
    if (typeof reply !== 'string' && !Array.isArray(reply)) {
      throw new UnsoundRow('a reply that is neither a text nor turns');
    }
  }
  if (present(prompt) !== undefined || typeof first !== 'string' || typeof second !== 'string') {
    return afterPrompt(prompt, first, second);
  }
  const dialogue = splitDialogues(first, second);
  return dialogue ? withTurns(dialogue) : { prompt: '', chosen: first, rejected: second };
}
