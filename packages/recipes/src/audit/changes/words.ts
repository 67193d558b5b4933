import { randomOf } from '../random.ts';
import type { AuditContext } from '../context.ts';

/** A sample of the texts. */
export interface SampledTexts {
  readonly rows: readonly Int32Array[];
  /** Index of each one among the audit's texts. */
  readonly index: readonly number[];
}

/** A vocabulary token that label-free methods score. */
export interface WordOfInterest {
  readonly token: number;
  /** Without its leading space. */
  readonly word: string;
  /** Number of places in the sample where it follows. */
  readonly n: number;
}

/** Number of occurrences from which what precedes a word says something about it. */
export const LEAST = 10;
/** Most words that are of interest for their frequency alone. */
const MOST = 2000;

/** Texts at random, in order, of about as many tokens as the audit measures changes over. */
export function sampleTexts(context: AuditContext): SampledTexts {
  const { rows, settings } = context;
  const order = randomOf(context, 'changes').shuffle([...rows.keys()]);
  let total = 0;
  const index = order
    .filter((i) => {
      const isWanted = total < settings.changeTokens;
      if (isWanted) total += rows[i]?.length ?? 0;
      return isWanted;
    })
    .sort((a, b) => a - b);
  return { rows: index.map((i) => rows[i] as Int32Array), index };
}

/** The tokens that follow most often, and the words that the feedback scores, so that methods can be compared; by token. */
export function wordsOfInterest(
  { words, models }: AuditContext,
  rows: readonly Int32Array[],
): WordOfInterest[] {
  const { tokenizer } = models.tuned;
  const counts = new Map<number, number>();
  for (const row of rows) {
    for (const token of row.subarray(1)) counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  const frequent = [...counts]
    .filter(([token, n]) => n >= LEAST && !tokenizer.specialIds.has(token))
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, MOST)
    .map(([token]) => token);
  const tokens = new Set([...frequent, ...words.map(({ id }) => id)]);
  return [...tokens]
    .sort((a, b) => a - b)
    .map((token) => ({
      token,
      word: tokenizer.tokenText(token).replace(/^ /, ''),
      n: counts.get(token) ?? 0,
    }));
}
