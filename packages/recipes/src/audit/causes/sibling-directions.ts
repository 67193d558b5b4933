import type { Subspace } from '@feedprint/probe';
import type { AuditContext, LayerSite } from '../context.ts';
import { randomOf } from '../random.ts';
import { bothWays, candidateAt } from './choose.ts';
import { names } from './names.ts';
import { fitSites } from './fit.ts';
import { measurePlan, shiftsOf } from './measured.ts';

/** The direction of largest attribution in another tuning on the same feedback. */
export interface SiblingDirection {
  /** What the sibling was loaded from. */
  readonly name: string;
  readonly subspace: Subspace;
}

export interface SiblingDirectionsOptions {
  readonly texts: readonly Int32Array[];
  /** Where the direction of the audited model was chosen, and the end of the last block. */
  readonly site: LayerSite;
  readonly last: string;
}

/**
 * Finds in each sibling, beside the same base, what was found in the audited model: its own direction at the same site, on the same texts. None
 * for a sibling whose activations do not shift the feedback. One sibling is held in memory at a time.
 */
export async function siblingDirections(
  context: AuditContext,
  { texts, site, last }: SiblingDirectionsOptions,
): Promise<SiblingDirection[]> {
  const found: SiblingDirection[] = [];
  for (const { name } of context.siblings) {
    const tuned = await context.parts.loadModel(name, 'sibling');
    try {
      const beside = { ...context, models: { base: context.models.base, tuned } };
      const plan = { [names.whole(last)]: bothWays(last) };
      const shift = shiftsOf(await measurePlan(beside, texts, plan), names.whole(last));
      if (shift.base === 0 || shift.tuned === 0) continue;
      const random = randomOf(context, 'causes tokens');
      const [fit] = await fitSites(beside, { texts, sites: [site], shift, random });
      if (fit) found.push({ name, subspace: candidateAt(fit).subspace });
    } finally {
      await tuned.dispose();
    }
  }
  return found;
}
