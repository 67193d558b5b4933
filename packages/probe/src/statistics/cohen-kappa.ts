import { FeedprintError } from '@feedprint/core';

/** How far two judges agree on the same items. */
export interface JudgeAgreement {
  readonly n: number;
  /** Share of items on which they say the same. */
  readonly agreed: number | null;
  /** Agreement beyond what their own rates of yes give by chance (Cohen 1960); null where each always says the same. */
  readonly kappa: number | null;
}

/** Agreement of two judges who said yes or no to the same items. Throws `shape-mismatch` for lists of different lengths. */
export function cohenKappa(a: readonly boolean[], b: readonly boolean[]): JudgeAgreement {
  if (a.length !== b.length) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `one judge has ${a.length} answers and the other ${b.length}`,
      remedy: 'pass the answers of both to the same items',
    });
  }
  const n = a.length;
  if (n === 0) return { n, agreed: null, kappa: null };
  const yes = (answers: readonly boolean[]): number => answers.filter(Boolean).length / n;
  const agreed = a.filter((answer, i) => answer === b[i]).length / n;
  const byChance = yes(a) * yes(b) + (1 - yes(a)) * (1 - yes(b));
  return { n, agreed, kappa: byChance === 1 ? null : (agreed - byChance) / (1 - byChance) };
}
