import { z } from 'zod';
import type { Chapter } from './chapter.ts';

/** What a report is asked about its chapters. */
type Keyed = Readonly<Record<string, unknown>>;

/** The keys that a chapter cannot do without. */
const neededKeys = ({ shape }: Pick<Chapter, 'shape'>): string[] =>
  Object.entries(shape).flatMap(([key, schema]) =>
    z.safeParse(schema, undefined).success ? [] : [key],
  );

/** The chapters whose parts a report holds. */
export const chaptersIn = (chapters: readonly Chapter[], report: object): Chapter[] =>
  chapters.filter((chapter) =>
    neededKeys(chapter).every((key) => (report as Keyed)[key] !== undefined),
  );

/** Keys of chapters of which others are there. */
export const partlyThere = (
  chapters: readonly Chapter[],
  report: object,
): { readonly key: string; readonly message: string }[] =>
  chapters.flatMap((chapter) => {
    const needed = neededKeys(chapter);
    const missing = needed.filter((key) => (report as Keyed)[key] === undefined);
    return missing.length === needed.length
      ? []
      : missing.map((key) => ({ key, message: `only a part of ${chapter.name} is there` }));
  });

/** For each key of a chapter with several, the others: `dependentRequired` of JSON Schema. */
export const neededTogether = (chapters: readonly Chapter[]): Record<string, string[]> =>
  Object.fromEntries(
    chapters.flatMap((chapter) => {
      const keys = neededKeys(chapter);
      return keys.length < 2
        ? []
        : keys.map((key) => [key, keys.filter((other) => other !== key)] as const);
    }),
  );
