import { FeedprintError, sameTokens } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';

/** A model by what it is called in messages. */
type Named = Readonly<Record<string, LanguageModel>>;

/** Throws `models-mismatched` unless one of two models can have been tuned from the other. */
export function assertComparable(one: Named, other: Named): void {
  const [[first, base], [second, tuned]] = [...Object.entries(one), ...Object.entries(other)] as [
    [string, LanguageModel],
    [string, LanguageModel],
  ];
  const [a, b] = [Object.entries(base.info), tuned.info as unknown as Record<string, unknown>];
  // Rows for additional tokens, such as padding, are left out of comparisons.
  const different = a.filter(([key, value]) => key !== 'vocabularySize' && b[key] !== value);
  const both = `${first} and ${second}`;
  const problem =
    different.length > 0
      ? `${both} differ in ${different.map(([key, value]) => `${key} (${value} and ${b[key]})`).join(', ')}`
      : !sameTokens(base.tokenizer, tuned.tokenizer)
        ? `${both} have different tokenizers`
        : base.fingerprint === tuned.fingerprint
          ? `${both} have the same weights`
          : undefined;
  if (problem) throw mismatched(problem);
}

export function mismatched(message: string): FeedprintError {
  return new FeedprintError({
    code: 'models-mismatched',
    message,
    remedy: 'compare a model with one that was tuned from it',
  });
}
