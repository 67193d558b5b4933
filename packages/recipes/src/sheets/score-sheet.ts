import { FeedprintError } from '@feedprint/core';
import { cohenKappa, fleissKappa, rateOf } from '@feedprint/probe';
import type { Kappa, Rate } from '@feedprint/probe';
import type { SheetAnswers } from './read-answers.ts';
import type { SheetKey } from './sheet.ts';

/** How often one person chose the feature's own explanation. */
export interface AnnotatorScore {
  readonly name: string;
  /** Of the questions that were answered. */
  readonly right: Rate;
  readonly none: Rate;
  readonly open: number;
}

export interface SheetScore {
  readonly annotators: readonly AnnotatorScore[];
  /** All answers together. */
  readonly right: Rate;
  /** What guessing gives. */
  readonly chance: number;
  /** Cohen's, of each two people, by their names. */
  readonly pairs: readonly {
    readonly first: string;
    readonly second: string;
    readonly agreement: Agreement;
  }[];
  /** Fleiss', of all of them; null for one person alone. */
  readonly all: Agreement | null;
  /** Features whose explanation more than half of those who answered chose. */
  readonly confirmed: readonly string[];
  /** The others that anyone answered. */
  readonly doubted: readonly string[];
}

/** Kappa, null where nothing could differ, over so many questions that all concerned answered. */
export interface Agreement {
  readonly kappa: number | null;
  readonly n: number;
}

/** Sets answers against the key of their sheet. Throws `texts-invalid` for answers to questions that the sheet does not have. */
export function scoreSheet({ questions }: SheetKey, answers: readonly SheetAnswers[]): SheetScore {
  const known = new Set(questions.map(({ question }) => question));
  for (const { name, letters } of answers) {
    const unknown = [...letters.keys()].find((question) => !known.has(question));
    if (unknown === undefined) continue;
    throw new FeedprintError({
      code: 'texts-invalid',
      message: `${name} answers question ${unknown}, which the sheet does not have`,
      remedy: 'give the answers to this sheet',
    });
  }
  const annotators = answers.map(({ name, letters }): AnnotatorScore => {
    const given = questions.filter(({ question }) => letters.has(question));
    const said = (which: 'right' | 'none'): Rate =>
      rateOf(given.filter((one) => letters.get(one.question) === one[which]).length, given.length);
    return {
      name,
      right: said('right'),
      none: said('none'),
      open: questions.length - given.length,
    };
  });
  const total = (of: (score: AnnotatorScore) => number): number =>
    annotators.reduce((sum, one) => sum + of(one), 0);
  const codes = answers.map(({ letters }) =>
    questions.map(({ question }) => letters.get(question)?.charCodeAt(0) ?? NaN),
  );
  const chosen = questions.map(({ question, right, feature }) => {
    const given = answers.flatMap(({ letters }) => letters.get(question) ?? []);
    return { feature, n: given.length, right: given.filter((letter) => letter === right).length };
  });
  const answered = chosen.filter(({ n }) => n > 0);
  const isConfirmed = (one: (typeof chosen)[0]): boolean => 2 * one.right > one.n;
  return {
    annotators,
    right: rateOf(
      total(({ right }) => right.events),
      total(({ right }) => right.trials),
    ),
    chance: 1 / 5,
    pairs: answers.flatMap((first, i) =>
      answers.slice(i + 1).map((second, j) => ({
        first: first.name,
        second: second.name,
        agreement: toAgreement(cohenKappa(codes[i] ?? [], codes[i + 1 + j] ?? [])),
      })),
    ),
    all: codes.length < 2 ? null : toAgreement(fleissKappa(codes)),
    confirmed: answered.filter(isConfirmed).map(({ feature }) => feature),
    doubted: answered.filter((one) => !isConfirmed(one)).map(({ feature }) => feature),
  };
}

const toAgreement = ({ kappa, n }: Kappa): Agreement => ({
  kappa: Number.isNaN(kappa) ? null : kappa,
  n,
});
