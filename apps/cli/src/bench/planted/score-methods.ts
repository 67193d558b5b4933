import { labelFreeDiscrepancies, scorePlanted } from '@feedprint/probe';
import type { MethodScore } from './result-schema.ts';

/** What a method says about one word. */
export interface SaidOfWord {
  readonly token: number;
  /** Larger means further against what was stated; for a method without labels, further changed. */
  readonly score: number;
  /** `null` if the method only ranks. */
  readonly flagged: boolean | null;
}

export interface MethodVerdict extends Pick<
  MethodScore,
  'method' | 'preset' | 'labels' | 'seconds'
> {
  readonly words: readonly SaidOfWord[];
}

/** What is true of a pair's words. */
export interface WordTruth {
  readonly planted: ReadonlySet<number>;
  /** Words that stand in the texts often. */
  readonly frequent: ReadonlySet<number>;
  /** Of the words whose rate can be told, whether they are written against their feedback; `undefined` without a twin. */
  readonly moved: ReadonlyMap<number, boolean> | undefined;
}

/** Scores a method against each truth. */
export function scoreMethod(
  { words, ...method }: MethodVerdict,
  { planted, frequent, moved }: WordTruth,
): MethodScore {
  const judged = words.map((word) => ({ ...word, planted: planted.has(word.token) }));
  const behaved = words.flatMap((word) => {
    const against = moved?.get(word.token);
    return against === undefined ? [] : [{ ...word, planted: against }];
  });
  return {
    ...method,
    construction: scorePlanted(judged),
    frequent: scorePlanted(judged.filter(({ token }) => frequent.has(token))),
    behaviour: moved ? scorePlanted(behaved) : null,
  };
}

/** A number per word that says how far tuning moved it. */
export interface ChangeOfWords extends Pick<MethodScore, 'method' | 'preset' | 'seconds'> {
  readonly tokens: readonly number[];
  readonly values: readonly number[];
  /** Whether the values have a direction. */
  readonly signed: boolean;
}

/** A measure of change as it ranks words without labels, by size, and with the stated feedback: by what departs from it, or by size where there is no direction. */
export function rankChange(
  { tokens, values, signed, ...method }: ChangeOfWords,
  stated: ReadonlyMap<number, number>,
): MethodVerdict[] {
  const ranked = (labels: MethodScore['labels'], scores: ArrayLike<number>): MethodVerdict => ({
    ...method,
    labels,
    words: tokens.map((token, i) => ({ token, score: scores[i] as number, flagged: null })),
  });
  const bare = ranked('none', values.map(Math.abs));
  if (!signed) return [bare];
  const sides = tokens.map((token) => stated.get(token) ?? 0);
  return [bare, ranked('stated', labelFreeDiscrepancies(values, sides, { signed }))];
}
