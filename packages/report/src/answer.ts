import type { z } from 'zod';
import type { Chapter, ChapterAnswer, ChapterReport } from './chapter.ts';
import { commandOf, isDemo, parentFolder, startedOtherwise } from './commands.ts';
import type { Answer, RunFacts } from './run-facts.ts';
import { byImportance } from './statements.ts';

/** Lines of each kind on the first screen. */
const LINES = 3;

/** What the chapters answer between them: the most important sentence, and up to three lines of each kind. */
export function answerOf(
  chapters: readonly Chapter[],
  report: ChapterReport<z.ZodRawShape>,
): Answer {
  const all = [
    ...chapters.flatMap((chapter) => chapter.answer?.(report) ?? []),
    ofEveryReport(report),
  ];
  const lines = (kind: 'restsOn' | 'notVisible'): string[] =>
    byImportance(all.flatMap((answer) => answer[kind] ?? [])).slice(0, LINES);
  const [sentence] = byImportance(all.flatMap((answer) => answer.sentence ?? []));
  return {
    sentence: sentence ?? 'This audit found nothing to report.',
    restsOn: lines('restsOn'),
    notVisible: lines('notVisible'),
    next: all
      .flatMap(({ next = [] }) => next)
      .toSorted((a, b) => b.importance - a.importance)
      .slice(0, LINES)
      .map(({ what, command }) => ({ what, command })),
  };
}

/** What can be said of any run: how an unfinished one goes on, what was cut, what to audit after this one. */
function ofEveryReport(report: RunFacts): ChapterAnswer {
  const { texts, pending } = report;
  return {
    notVisible: [
      {
        importance: 40,
        text:
          texts.truncated > 0
            ? `what stands beyond the model’s context in ${texts.truncated} of ${texts.count} texts`
            : '',
      },
    ],
    next: [
      ...(pending
        ? [
            {
              importance: 100,
              what: `compute the rest: ${pending.join(', ').toLowerCase()}`,
              command: startedOtherwise(report, {}),
            },
          ]
        : []),
      isDemo(report)
        ? {
            importance: 20,
            what: 'audit models of your own',
            command: commandOf('audit', {
              base: 'BASE',
              tuned: 'TUNED',
              texts: 'TEXTS',
              feedback: 'vader',
              out: 'runs/mine',
            }),
          }
        : {
            importance: 10,
            what: 'look at the run stage by stage',
            command: `feedprint dashboard ${parentFolder(report)}`,
          },
    ],
  };
}
