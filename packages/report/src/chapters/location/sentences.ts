import type { Statement } from '../../chapter.ts';
import { headline } from './headline.ts';
import type { Report } from './schema.ts';

/** If the report judges whether the feedback was learned, only the shift of what was learned is worth a place in the summary. */
export type BesideVerdict = Report & {
  readonly verdict?: { readonly words: { readonly verdict: string } };
};

export const isLearned = ({ verdict }: BesideVerdict): boolean =>
  verdict === undefined || ['learned', 'reversed'].includes(verdict.words.verdict);

export const sentences = (report: BesideVerdict): readonly Statement[] =>
  isLearned(report) ? [{ importance: 65, text: headline(report.location) }] : [];
