import type { AuditContext } from './context.ts';
import { randomOf } from './random.ts';

/** Most tokens of a text, so that those looked at come from many. */
const LONGEST = 64;

/** Some of an audit's texts. */
export interface DrawnTexts {
  /** Beginnings of texts, chosen at random, in the audit's order. */
  readonly rows: readonly Int32Array[];
  /** Index of each one among the audit's texts. */
  readonly index: number[];
  /** Positions of each one that a token follows. */
  readonly contexts: number[];
}

/** Texts of about as many tokens as are asked for; `label` names the random stream. */
export function drawTexts(
  context: Pick<AuditContext, 'rows' | 'settings'>,
  label: string,
  tokens: number,
): DrawnTexts {
  const { rows } = context;
  let total = 0;
  const index = randomOf(context, label)
    .shuffle([...rows.keys()])
    .filter((i) => {
      const isWanted = total < tokens;
      if (isWanted) total += Math.min(LONGEST, rows[i]?.length ?? 0);
      return isWanted;
    })
    .sort((a, b) => a - b);
  const chosen = index.map((i) => (rows[i] as Int32Array).slice(0, LONGEST));
  return { rows: chosen, index, contexts: chosen.map(({ length }) => length - 1) };
}
