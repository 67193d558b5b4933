import type { Chapter, ChapterReport, Statement } from '../chapter.ts';
import { count, percent } from '../format.ts';
import type { RunFacts } from '../run-facts.ts';
import { byImportance } from '../statements.ts';
import { plural } from '../text.ts';
import type { z } from 'zod';

const ofEveryReport = ({ texts }: RunFacts): Statement[] => [
  {
    importance: 100,
    text: 'Learned feedback is read from how tuning shifted the model’s probabilities. Of a whole reply it is the reward, insofar as tuning was KL-regularised and came close to its optimum; of a word it is an advantage, known up to what shaping adds. Its scale is arbitrary, so only its order and sign are compared.',
  },
  {
    importance: 40,
    text:
      texts.truncated > 0
        ? `${count(texts.truncated)} of ${plural(texts.count, 'text')} (${percent(texts.count > 0 ? texts.truncated / texts.count : null)}) ${texts.truncated === 1 ? 'was' : 'were'} longer than the model’s context and cut off there.`
        : '',
  },
];

/** What a reader must not conclude, general limits of the method first, then those of this run. */
export const limits = (
  chapters: readonly Chapter[],
  report: ChapterReport<z.ZodRawShape>,
): string[] =>
  byImportance([
    ...ofEveryReport(report),
    ...chapters.flatMap((chapter) => chapter.limits?.(report) ?? []),
  ]);
