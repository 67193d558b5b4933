import type { Artifact, WordDiscrepancy } from '@feedprint/core';
import type { AuditReport } from '@feedprint/report';
import type { AuditContext } from './context.ts';
import { known } from './files.ts';
import { readLogRatios } from './replies.ts';

/** Texts shown. */
const SHOWN = 6;
/** Tokens shown of each. */
const LENGTH = 96;

/** Texts whose beginnings hold the most different flagged words (or, if none is flagged, scored words), with the log-ratio of every token. */
export function heatTexts(
  { rows, words, models }: AuditContext,
  capture: Artifact,
  estimates: readonly WordDiscrepancy[],
): AuditReport['heatTexts'] {
  const stated = new Map(words.map(({ id, stated: value }) => [id, value]));
  const flagged = new Set(estimates.filter((word) => word.flagged).map(({ token }) => token));
  const wanted = flagged.size > 0 ? flagged : new Set(stated.keys());
  const ranked = rows
    .map((row, text) => ({
      text,
      found: new Set(row.slice(0, LENGTH).filter((id) => wanted.has(id))).size,
    }))
    .filter(({ found }) => found > 0)
    .sort((a, b) => b.found - a.found || a.text - b.text)
    .slice(0, SHOWN);
  const ratios = readLogRatios(capture, rows);
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
