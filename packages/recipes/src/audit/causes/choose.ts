import { attributionSubspace } from '@feedprint/probe';
import type { Shares, Subspace } from '@feedprint/probe';
import { exchange } from './exchange.ts';
import type { Intervention } from './exchange.ts';
import type { SiteFit } from './fit.ts';

/** A direction must do this much on the texts for fitting, more than what is asked of it on the others. */
const LEAST = { necessity: 0.6, sufficiency: 0.4 } as const;

/** The one direction of largest attribution at a site. */
export interface Candidate {
  readonly fit: SiteFit;
  readonly subspace: Subspace;
}

export const candidateAt = (fit: SiteFit): Candidate => ({
  fit,
  subspace: attributionSubspace(fit.cross, fit.metric, 1),
});

/** Both exchanges along a direction, in the tuned model and in the base. */
export const bothWays = (site: string, subspace?: Subspace): [Intervention, Intervention] => [
  exchange({ model: 'tuned', site, ...(subspace && { subspace }) }),
  exchange({ model: 'base', site, ...(subspace && { subspace }) }),
];

/** The earliest candidate that does enough on the texts for fitting; the last one if none does. `shares` are the candidates'. */
export const chooseCandidate = (
  candidates: readonly Candidate[],
  shares: readonly Shares[],
): Candidate =>
  candidates.find((_, i) => {
    const { necessity, sufficiency } = shares[i] as Shares;
    return necessity >= LEAST.necessity && sufficiency >= LEAST.sufficiency;
  }) ?? (candidates.at(-1) as Candidate);
