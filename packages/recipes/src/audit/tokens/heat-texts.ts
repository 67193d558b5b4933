import type { PartOf } from '@feedprint/report';
import type { tokens } from '@feedprint/report/chapters/tokens';
import type { Captured } from '../capture/capture.ts';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import type { JudgedWord } from '../words/judge.ts';

/** Number of texts shown. */
const SHOWN = 6;
/** Number of tokens shown of each. */
const LENGTH = 96;

/**
 * Texts whose beginnings contain the most distinct flagged words (or, if none is flagged, scored words; or, if nothing is stated of
 * words, those that tuning moved furthest per token), with the log-ratio of every token.
 */
export function heatTexts(
  { rows, words, models }: AuditContext,
  captured: Captured,
  estimates: readonly Pick<JudgedWord, 'token' | 'flagged'>[],
): PartOf<typeof tokens>['heatTexts'] {
  const stated = new Map(words.map(({ id, stated: value }) => [id, value]));
  const flagged = new Set(estimates.filter((word) => word.flagged).map(({ token }) => token));
  const wanted = flagged.size > 0 ? flagged : new Set(stated.keys());
  const ratios = captured.logRatios();
  const interest = (row: Int32Array, text: number): number =>
    words.length > 0
      ? new Set(row.slice(0, LENGTH).filter((id) => wanted.has(id))).size
      : meanSize(known(ratios[text], `text ${text}`).slice(0, LENGTH));
  const ranked = rows
    .map((row, text) => ({ text, found: interest(row, text) }))
    .filter(({ found }) => found > 0)
    .sort((a, b) => b.found - a.found || a.text - b.text)
    .slice(0, SHOWN);
  return ranked.map(({ text }) => {
    const ids = Array.from(known(rows[text], `text ${text}`).slice(0, LENGTH));
    return {
      text,
      tokens: ids.map((id) => models.tuned.tokenizer.tokenText(id)),
      logRatio: Array.from(known(ratios[text], `text ${text}`).slice(0, LENGTH)),
      stated: ids.map((id) => stated.get(id) ?? null),
      flagged: ids.flatMap((id, i) => (flagged.has(id) ? [i] : [])),
    };
  });
}

/** Mean distance from 0. */
const meanSize = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + Math.abs(value), 0) / Math.max(1, values.length);
