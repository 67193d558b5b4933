import { cohenKappa } from './statistics/cohen-kappa.ts';
import type { Kappa } from './statistics/cohen-kappa.ts';

/** Two independent annotations of the same replies by one property, `[replies]`, NaN where there is none. */
export interface TwiceAnnotated {
  readonly name: string;
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
}

export interface AnnotationAgreement extends Kappa {
  readonly name: string;
  /** Whether the annotations agree well enough to be used. */
  readonly kept: boolean;
}

/**
 * Which properties two annotators see alike: those whose kappa is above `least` (default 0.6, "substantial" to Landis
 * and Koch 1977).
 */
export const agreedAnnotations = (
  annotations: readonly TwiceAnnotated[],
  { least = 0.6 }: { readonly least?: number } = {},
): AnnotationAgreement[] =>
  annotations.map(({ name, first, second }) => {
    const agreement = cohenKappa(first, second);
    return { name, ...agreement, kept: agreement.kappa > least };
  });
