import type { AuditContext } from '../context.ts';

/** Tokens of a text that are looked at: many short beginnings say more about both models than a few long ones. */
const LENGTH = 32;
/** Share of the tested texts on which random subspaces are measured, which is most of the work. */
const BESIDE = 0.15;

/** Beginnings of texts: those that directions are fitted on, and those that they are tested on. */
export interface CauseTexts {
  readonly fit: readonly Int32Array[];
  readonly test: readonly Int32Array[];
  /** The first of `test`. */
  readonly beside: readonly Int32Array[];
}

/** Every other text, in either half up to `causeTokens` tokens. */
export function causeTexts({
  rows,
  settings,
}: Pick<AuditContext, 'rows' | 'settings'>): CauseTexts {
  const half = (parity: number): Int32Array[] => {
    const chosen: Int32Array[] = [];
    let tokens = 0;
    for (let t = parity; t < rows.length && tokens < settings.causeTokens; t += 2) {
      const text = (rows[t] as Int32Array).slice(0, LENGTH);
      chosen.push(text);
      tokens += text.length;
    }
    return chosen;
  };
  const [fit, test] = [half(0), half(1)];
  return { fit, test, beside: test.slice(0, Math.max(1, Math.round(BESIDE * test.length))) };
}
