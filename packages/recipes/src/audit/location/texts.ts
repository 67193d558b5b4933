import { randomOf } from '../random.ts';
import type { AuditContext } from '../context.ts';

/** Most tokens of a text, so that those looked at come from many. */
const LONGEST = 64;

/** The texts that parts are exchanged on. */
export interface LocationTexts {
  /** Beginnings of texts, chosen at random, in the audit's order. */
  readonly rows: readonly Int32Array[];
  /** Index of each one among the audit's texts. */
  readonly index: number[];
  /** Positions of each one that a token follows. */
  readonly contexts: number[];
}

export function locationTexts(context: AuditContext): LocationTexts {
  const { rows, settings } = context;
  let total = 0;
  const index = randomOf(context, 'location')
    .shuffle([...rows.keys()])
    .filter((i) => {
      const isWanted = total < settings.locationTokens;
      if (isWanted) total += Math.min(LONGEST, rows[i]?.length ?? 0);
      return isWanted;
    })
    .sort((a, b) => a - b);
  const chosen = index.map((i) => (rows[i] as Int32Array).slice(0, LONGEST));
  return { rows: chosen, index, contexts: chosen.map(({ length }) => length - 1) };
}
