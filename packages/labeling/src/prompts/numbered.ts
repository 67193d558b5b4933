import { quoteData } from '@feedprint/core';

/** Texts as data, each with its number from 1. */
export const numbered = (texts: readonly string[]): string =>
  texts.map((text, i) => `${i + 1}. ${quoteData(text)}`).join('\n');
