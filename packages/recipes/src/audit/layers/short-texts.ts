import { randomOf } from '../random.ts';
import type { AuditContext } from '../context.ts';

/** Tokens of a text that are kept at most, so that a few long texts do not stand for all. */
const LONGEST = 128;

/** The beginnings of texts drawn at random, in order, of about as many tokens together as asked for. */
export function shortTexts(
  context: Pick<AuditContext, 'rows' | 'settings'>,
  tokens: number,
): readonly Int32Array[] {
  const { rows } = context;
  let total = 0;
  return randomOf(context, 'components')
    .shuffle([...rows.keys()])
    .filter((i) => {
      const isWanted = total < tokens;
      if (isWanted) total += Math.min(LONGEST, rows[i]?.length ?? 0);
      return isWanted;
    })
    .sort((a, b) => a - b)
    .map((i) => (rows[i] as Int32Array).subarray(0, LONGEST));
}
