import type { Subspace } from '@feedprint/probe';
import type { AuditContext } from '../context.ts';
import type { ModelRole } from '../model-role.ts';
import type { ControlOptions, Draw } from './controls.ts';
import { exchange } from './exchange.ts';
import { klPerToken } from './measured.ts';
import { measure } from './meter.ts';
import type { Outcome } from './meter.ts';

/** How many draws, of the most economical and of the most effective ones, are dosed until they do as much as the subspace, and in how many steps. */
const DOSED = 3;
const STEPS = 6;
/** How near to the same effect they must get. */
const NEAR = 0.05;

/**
 * The least KL with which one of the draws has an effect. The draws with most effect, and those that would be most economical if
 * effects grew with the dose and KL with its square, are dosed until they have it.
 */
export async function leastKlOf(
  context: AuditContext,
  model: ModelRole,
  draws: readonly (Draw & { readonly subspace: Subspace })[],
  { effect, fit, texts, share }: ControlOptions & { readonly effect: number },
): Promise<number | null> {
  const effectOf = (d: Draw): number => (model === 'tuned' ? d.necessity : d.sufficiency);
  const same = draws.filter((d) => effectOf(d) * effect > 0);
  const first = (rank: (d: Draw) => number) =>
    [...same].sort((a, b) => rank(a) - rank(b)).slice(0, DOSED);
  const dosed = new Set([
    ...first((d) => d.kl[model] / effectOf(d) ** 2),
    ...first((d) => -Math.abs(effectOf(d))),
  ]);
  let trials = [...dosed].map((d) => ({
    subspace: d.subspace,
    dose: d.dose * step(effect / effectOf(d)),
  }));
  let least: number | null = null;
  for (let i = 0; i < STEPS && trials.length > 0; i++) {
    const { edited } = await measure(
      context,
      texts,
      trials.map(({ subspace, dose }) => exchange({ model, site: fit.site.site, subspace, dose })),
    );
    trials = trials.flatMap(({ subspace, dose }, t) => {
      const outcome = edited[t] as Outcome;
      const ratio = effect / share(model, outcome);
      if (Math.abs(ratio - 1) <= NEAR) {
        const kl = klPerToken(outcome, texts) * ratio ** 2;
        least = least === null ? kl : Math.min(least, kl);
        return [];
      }
      return ratio > 0 ? [{ subspace, dose: dose * step(ratio) }] : [];
    });
  }
  return least;
}

/** A cautious step towards the dose with the wanted effect, which need not grow with the dose. */
const step = (ratio: number): number => Math.min(4, Math.max(0.25, ratio));
