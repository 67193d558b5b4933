import { add, logSigmoid, mul, neg, sub } from '@feedprint/graph';
import type { Method } from './method.ts';
import { preferenceMethod } from './preference.ts';
import type { PreferenceItem } from './preference.ts';

export interface DpoSettings {
  /** Weight of staying near the reference; default 0.1. */
  readonly beta?: number;
  /** Probability that a label is wrong (Mitchell 2023, "conservative DPO"); default 0. */
  readonly labelSmoothing?: number;
}

/** Direct preference optimisation (Rafailov et al. 2023, arXiv 2305.18290, equation 7). */
export const dpo = ({ beta = 0.1, labelSmoothing = 0 }: DpoSettings = {}): Method<PreferenceItem> =>
  preferenceMethod({
    name: 'dpo',
    settings: { beta, labelSmoothing },
    losses({ chosen, rejected, referenceChosen, referenceRejected }) {
      const ratio = sub(sub(chosen, rejected), sub(referenceChosen, referenceRejected));
      const logit = mul(ratio, beta);
      if (labelSmoothing === 0) return neg(logSigmoid(logit));
      return neg(
        add(
          mul(logSigmoid(logit), 1 - labelSmoothing),
          mul(logSigmoid(neg(logit)), labelSmoothing),
        ),
      );
    },
  });
