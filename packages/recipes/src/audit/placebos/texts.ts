import { randomOf } from '../random.ts';
import type { AuditContext } from '../context.ts';

/** Most tokens of a text, so that those looked at come from many. */
const LONGEST = 64;

/** Beginnings of texts, chosen at random, in the audit's order. */
export function placeboTexts(context: AuditContext): Int32Array[] {
  const { rows, settings } = context;
  let total = 0;
  return randomOf(context, 'placebos')
    .shuffle([...rows.keys()])
    .filter((i) => {
      const isWanted = total < settings.placeboTokens;
      if (isWanted) total += Math.min(LONGEST, rows[i]?.length ?? 0);
      return isWanted;
    })
    .sort((a, b) => a - b)
    .map((i) => (rows[i] as Int32Array).slice(0, LONGEST));
}
