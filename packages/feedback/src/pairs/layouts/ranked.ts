import { judge, repliesTo } from './judge.ts';
import type { PairTexts } from './layout.ts';

/** One of several replies to a prompt. */
export interface Candidate {
  readonly reply: string;
  /** Higher is better. */
  readonly score: number;
}

/**
 * Every pair of a ranking's replies, the better one chosen, the same scores as ties. Together they weigh as much as one
 * comparison, as in InstructGPT (arXiv 2203.02155, equation 1).
 */
export function rankedPairs(prompt: unknown, candidates: readonly Candidate[]): PairTexts[] {
  const pairs = candidates.flatMap((first, i) =>
    candidates.slice(i + 1).map((second) => [first, second] as const),
  );
  return pairs.map(([first, second]) => {
    const preference = first.score - second.score;
    return judge(repliesTo(prompt, first.reply, second.reply), {
      preference,
      ...(preference !== 0 && { margin: Math.abs(preference) }),
      ...(pairs.length > 1 && { weight: 1 / pairs.length }),
    });
  });
}
