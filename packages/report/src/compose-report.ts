import { FeedprintError } from '@feedprint/core';
import { z } from 'zod';
import { answerOf } from './answer.ts';
import type { Chapter, ChapterReport, PartOf } from './chapter.ts';
import { assertDistinct } from './assert-distinct.ts';
import { chaptersIn, neededTogether, partlyThere } from './chapters-in.ts';
import { glossaryTerms } from './page/glossary.ts';
import { methodId } from './page/method.ts';
import { renderPage } from './page/render-page.ts';
import { runFactsShape, summaryShape } from './run-facts.ts';
import type { RunFacts, Summary } from './run-facts.ts';
import { byImportance } from './statements.ts';

/** A kind of report: its format, its summary and its page. `Found` is what it holds besides the summary. */
export interface ComposedReport<Found extends RunFacts> {
  /** Of the whole `report.json`; unknown keys are refused, and so is a chapter that is there only in part. */
  readonly schema: z.ZodType<Found & Summary>;
  /** The contents of a `report.json`, checked. Throws `run-invalid`, naming the first place that does not fit. */
  parse(value: unknown): Found & Summary;
  /** The JSON Schema (draft 2020-12) of `report.json`. */
  jsonSchema(): Record<string, unknown>;
  /**
   * The answer in short, and the findings in sentences, most important first, each with its numbers and what they are
   * compared with.
   */
  summarize(found: Found): Summary;
  /**
   * The report as one HTML page that needs no other file and no network. Every text of the report is escaped. Equal reports give
   * equal bytes. The report must fit the schema; see `parse` for one that comes from outside.
   */
  render(report: Found & Summary): string;
}

type UnionToIntersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer Intersection,
) => void
  ? Intersection
  : never;

/** What a report of these chapters holds besides its summary: each chapter's part, where its question arose. */
export type FoundOf<Chapters extends readonly Chapter[]> = RunFacts &
  Partial<UnionToIntersection<PartOf<Chapters[number]>>>;

/**
 * The report that these chapters make up: sections and cards in their order, sentences and limits by importance. A chapter is in a
 * report if its part is; what is not there says and shows nothing.
 */
export function composeReport<const Chapters extends readonly Chapter[]>(
  chapters: Chapters,
): ComposedReport<FoundOf<Chapters>>;
export function composeReport(
  chapters: readonly Chapter[],
): ComposedReport<ChapterReport<z.ZodRawShape>> {
  assertComposable(chapters);
  const parts: z.ZodRawShape = Object.assign({}, ...chapters.map((chapter) => chapter.shape));
  const schema = z
    .strictObject({ ...runFactsShape, ...z.object(parts).partial().shape, ...summaryShape })
    .superRefine((report, { addIssue }) => {
      for (const { key, ...issue } of partlyThere(chapters, report)) {
        addIssue({ code: 'custom', path: [key], ...issue });
      }
    }) as unknown as z.ZodType<ChapterReport<z.ZodRawShape> & Summary>;
  return {
    schema,
    parse(value) {
      const result = schema.safeParse(value);
      if (result.success) return result.data;
      const [issue] = result.error.issues;
      throw new FeedprintError({
        code: 'run-invalid',
        message: `the report does not fit its format at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'unknown'}`,
        remedy: 'write it again with this version of Feedprint',
        cause: result.error,
      });
    },
    jsonSchema: () => ({
      title: 'Feedprint audit report',
      ...z.toJSONSchema(schema, { io: 'output' }),
      dependentRequired: neededTogether(chapters),
    }),
    summarize(found) {
      const present = chaptersIn(chapters, found);
      return {
        answer: answerOf(present, found),
        summary: byImportance(present.flatMap((chapter) => chapter.sentences?.(found) ?? [])),
      };
    },
    render: (report) => renderPage(chaptersIn(chapters, report), report),
  };
}

/** Refuses chapters that would take each other's place. */
function assertComposable(chapters: readonly Chapter[]): void {
  assertDistinct(
    'name of a chapter',
    chapters.map(({ name }) => name),
  );
  assertDistinct('key of report.json', [
    ...Object.keys({ ...runFactsShape, ...summaryShape }),
    ...chapters.flatMap(({ shape }) => Object.keys(shape)),
  ]);
  assertDistinct('section', [
    ...chapters.flatMap(({ sections }) => sections.map(({ id }) => id)),
    methodId,
  ]);
  assertDistinct(
    'term of the glossary',
    glossaryTerms(chapters).map(({ term }) => term),
  );
}
