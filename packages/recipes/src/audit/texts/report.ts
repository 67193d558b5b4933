import type { RepliesReport } from '@feedprint/report/chapters/texts';
import type { Captured } from '../capture/capture.ts';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import type { WholeTexts } from './whole-texts.ts';

/** Number of texts shown in full. */
const SHOWN = 10;
/** Number of tokens shown of each. */
const LENGTH = 96;
/** Number of texts drawn as points, besides flagged ones. */
const POINTS = 400;
/** Number of tokens named per text. */
const NAMED = 4;

/** The report's part on whole texts; null if there were too few. */
export function reportTexts(
  { rows, lexicon, models }: AuditContext,
  captured: Captured,
  found: WholeTexts,
): RepliesReport | null {
  if (!found) return null;
  const { texts, constant, perStated, perToken } = found;
  const ratios = captured.logRatios();
  const stated = new Map(lexicon.map(({ id, stated: value }) => [id, value]));
  const text = (id: number): string => models.tuned.tokenizer.tokenText(id);
  const every = Math.max(1, Math.ceil(texts.length / POINTS));
  return {
    count: texts.length,
    flagged: texts.filter(({ flagged }) => flagged).length,
    constant,
    perStated,
    perToken,
    points: texts.flatMap(({ stated: sum, reward, expected, flagged }, i) =>
      flagged || i % every === 0 ? [{ text: i, stated: sum, reward, expected, flagged }] : [],
    ),
    strongest: furthest(texts).map((i) => {
      const row = known(rows[i], `text ${i}`);
      const ratio = known(ratios[i], `text ${i}`);
      const {
        reward,
        stated: statedSum,
        expected,
        score,
        p,
        q,
        flagged,
      } = known(texts[i], `text ${i}`);
      const shown = Array.from(row.slice(0, LENGTH));
      return {
        text: i,
        tokens: shown.map(text),
        logRatio: Array.from(ratio.slice(0, LENGTH)),
        stated: shown.map((id) => stated.get(id) ?? null),
        cut: row.length > LENGTH,
        reward,
        statedSum,
        expected,
        score,
        p,
        q,
        flagged,
        words: carriers(row, ratio, (id) => perStated * (stated.get(id) ?? 0) + perToken)
          .filter(({ part }) => part * score > 0)
          .slice(0, NAMED)
          .map(({ id }) => text(id)),
      };
    }),
  };
}

function furthest(texts: NonNullable<WholeTexts>['texts']): number[] {
  const size = (i: number): number => Math.abs(texts[i]?.score ?? 0);
  return [...texts.keys()].sort((a, b) => size(b) - size(a) || a - b).slice(0, SHOWN);
}

/** How far each token of a text, over all its places, departs from what is expected for it; strongest first. */
function carriers(
  row: Int32Array,
  ratio: Float64Array,
  expected: (id: number) => number,
): { readonly id: number; readonly part: number }[] {
  const parts = new Map<number, number>();
  row.forEach((id, t) => {
    if (t === 0) return;
    parts.set(id, (parts.get(id) ?? 0) + (ratio[t] as number) - expected(id));
  });
  return [...parts]
    .map(([id, part]) => ({ id, part }))
    .sort((a, b) => Math.abs(b.part) - Math.abs(a.part) || a.id - b.id);
}
