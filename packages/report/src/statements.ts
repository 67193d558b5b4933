import type { Statement } from './chapter.ts';

/** The texts, most important first; those of equal importance keep their order. */
export const byImportance = (statements: readonly Statement[]): string[] =>
  statements
    .toSorted((a, b) => b.importance - a.importance)
    .flatMap(({ text }) => (text === '' ? [] : [text]));
