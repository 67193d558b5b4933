import type { z } from 'zod';
import type { Child, Markup } from './html.ts';
import type { RunFacts } from './run-facts.ts';

/** A sentence, and its place among those of all chapters: larger first, ties in the order of chapters. An empty text is left out. */
export interface Statement {
  readonly importance: number;
  readonly text: string;
}

/** A step for the reader, with the command that takes it. */
export interface NextStep {
  /** As a statement's. */
  readonly importance: number;
  readonly what: string;
  readonly command: string;
}

/** What a chapter says on the first screen, where the most important of all chapters is shown. */
export interface ChapterAnswer {
  /** The strongest true thing in plain English: at most 25 words, no statistics. One of all chapters is shown. */
  readonly sentence?: Statement;
  /** Evidence, at most three numbers each. */
  readonly restsOn?: readonly Statement[];
  readonly notVisible?: readonly Statement[];
  readonly next?: readonly NextStep[];
}

/** The picture of the first screen, one of all chapters, by importance. */
export interface HeadPicture {
  readonly importance: number;
  readonly figure: Markup;
}

/** A figure with what it means and what to compare it with. */
export interface Card {
  readonly title: string;
  readonly big: Child;
  readonly flag?: boolean;
  readonly meaning: string;
  readonly control: string;
}

/** A glossary entry. Chapters that use the same term give it the same meaning (see `terms.ts`). */
export interface Term {
  readonly term: string;
  readonly meaning: string;
}

export interface Section<Report> {
  /** Of the markup's `<section>`, which the navigation links to. */
  readonly id: string;
  /** In the navigation. */
  readonly name: string;
  /** `null` where the report has nothing for it. */
  render(report: Report): Markup | null;
}

/** What top-level keys of `report.json` hold. */
export type Part<Shape extends z.ZodRawShape> = keyof Shape extends never
  ? unknown
  : z.output<z.ZodObject<Shape>>;

/** What a chapter sees of a report: the facts of the run and its own part. */
export type ChapterReport<Shape extends z.ZodRawShape> = RunFacts & Part<Shape>;

/**
 * One finding's part of the report: what it adds to `report.json`, and the text and pictures that present it. A report in which
 * its question did not arise has none of its keys; its functions are then not called.
 */
export interface Chapter<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly name: string;
  /** Its top-level keys of `report.json`, which no other chapter has. */
  readonly shape: Shape;
  readonly sections: readonly Section<ChapterReport<Shape>>[];
  answer?(report: ChapterReport<Shape>): ChapterAnswer;
  picture?(report: ChapterReport<Shape>): HeadPicture | null;
  /** For the summary. */
  sentences?(report: ChapterReport<Shape>): readonly Statement[];
  cards?(report: ChapterReport<Shape>): readonly Card[];
  /** What a reader must not conclude. */
  limits?(report: ChapterReport<Shape>): readonly Statement[];
  readonly terms?: readonly Term[];
}

/** The part of `report.json` that a chapter describes: `PartOf<typeof words>`. */
export type PartOf<Described extends Chapter> =
  Described extends Chapter<infer Shape> ? Part<Shape> : never;

type Read<Shape extends z.ZodRawShape, Result> = (report: ChapterReport<NoInfer<Shape>>) => Result;

/** A chapter as its author writes it: its functions may rely only on the facts of the run and its own part. */
interface ChapterDefinition<Shape extends z.ZodRawShape> extends Pick<
  Chapter<Shape>,
  'name' | 'shape' | 'terms'
> {
  readonly sections: readonly {
    readonly id: string;
    readonly name: string;
    readonly render: Read<Shape, Markup | null>;
  }[];
  readonly answer?: Read<Shape, ChapterAnswer>;
  readonly picture?: Read<Shape, HeadPicture | null>;
  readonly sentences?: Read<Shape, readonly Statement[]>;
  readonly cards?: Read<Shape, readonly Card[]>;
  readonly limits?: Read<Shape, readonly Statement[]>;
}

/**
 * A chapter, checked by its types. A function that can use another chapter's part declares it as possibly absent
 * (`Report & { readonly words?: ... }`); one that cannot do without it does not compile.
 */
export const defineChapter = <Shape extends z.ZodRawShape>(
  chapter: ChapterDefinition<Shape>,
): Chapter<Shape> => chapter;
