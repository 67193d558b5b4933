import { norm } from '@feedprint/core';
import { randomSubspace } from '@feedprint/probe';
import type { Shares, Subspace } from '@feedprint/probe';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { roles } from '../model-role.ts';
import type { ModelRole } from '../model-role.ts';
import { randomOf } from '../random.ts';
import { coefficientsIn, differenceOf, exchange } from './exchange.ts';
import type { SiteFit } from './fit.ts';
import { leastKlOf } from './least-kl.ts';
import { klPerToken } from './measured.ts';
import { measure, pairedBatches } from './meter.ts';
import type { Outcome } from './meter.ts';

export const families = ['any', 'difference'] as const;
export type Family = (typeof families)[number];

/** Random subspaces of each family; those of the second one need differences that vary from place to place. */
export const DRAWS = 100;
/** Interventions that measure them. */
export const CONTROLS = DRAWS * families.length * roles.length;
/** One random subspace at one dose. */
export interface Draw extends Shares {
  readonly family: Family;
  readonly draw: number;
  /** At which its edit is as large as the subspace's, in the metric of predictions. */
  readonly dose: number;
  readonly kl: Readonly<Record<ModelRole, number>>;
}

export interface ControlOptions {
  readonly fit: SiteFit;
  readonly subspace: Subspace;
  readonly texts: readonly Int32Array[];
  /** What an outcome is as a share of the shift through activations. */
  share(model: ModelRole, outcome: Outcome): number;
  readonly onDone: (texts: number) => void;
}

export interface ControlResult {
  readonly draws: readonly Draw[];
  /** Least KL with the same effect as the subspace, by family and model; null if none gets there. */
  readonly leastKl: Readonly<Record<Family, Readonly<Record<ModelRole, number | null>>>>;
}

/** Measures random subspaces of the same number of directions, each at the dose at which its edit is as large. */
export async function measureControls(
  context: AuditContext,
  own: Readonly<Record<ModelRole, Outcome>>,
  options: ControlOptions,
): Promise<ControlResult> {
  const { fit, subspace, texts, share, onDone } = options;
  const { site } = fit.site;
  const drawn = families.flatMap((family) => {
    if (family === 'difference' && !fit.variations) return [];
    const random = randomOf(context, `causes ${family}`);
    return Array.from({ length: DRAWS }, (_, i) => ({
      family,
      draw: i + 1,
      subspace: randomSubspace(fit.metric, subspace.read.rows, {
        random,
        ...(family === 'difference' && fit.variations && { differences: fit.variations }),
      }),
    }));
  });
  const sizes = await editSizes(context, options, [subspace, ...drawn.map((d) => d.subspace)]);
  const doses = drawn.map((_, i) => (sizes[0] as number) / (sizes[i + 1] as number));
  const { edited } = await measure(
    context,
    texts,
    drawn.flatMap((d, i) =>
      roles.map((model) =>
        exchange({ model, site, subspace: d.subspace, dose: doses[i] as number }),
      ),
    ),
    onDone,
  );
  const draws = drawn.map(({ family, draw }, i): Draw => {
    const of = (model: ModelRole): Outcome => edited[2 * i + roles.indexOf(model)] as Outcome;
    return {
      family,
      draw,
      dose: doses[i] as number,
      necessity: share('tuned', of('tuned')),
      sufficiency: share('base', of('base')),
      kl: { tuned: klPerToken(of('tuned'), texts), base: klPerToken(of('base'), texts) },
    };
  });
  const leastKl = {} as Record<Family, Record<ModelRole, number | null>>;
  for (const family of families) {
    leastKl[family] = {} as Record<ModelRole, number | null>;
    for (const model of roles) {
      const candidates = draws
        .map((d, i) => ({ ...d, subspace: known(drawn[i], 'a draw').subspace }))
        .filter((d) => d.family === family);
      leastKl[family][model] = await leastKlOf(context, model, candidates, {
        ...options,
        effect: share(model, own[model]),
      });
    }
  }
  return { draws, leastKl };
}

/** Size of the edit by each subspace at dose 1, in the metric of predictions. */
async function editSizes(
  context: AuditContext,
  { fit, texts }: ControlOptions,
  subspaces: readonly Subspace[],
): Promise<number[]> {
  const squares = subspaces.map(() => 0);
  for await (const { sites } of pairedBatches(context, texts, [fit.site])) {
    const difference = differenceOf(known(sites.get(fit.site.site), fit.site.site), 'tuned');
    subspaces.forEach((subspace, i) => {
      squares[i] = (squares[i] as number) + norm(coefficientsIn(subspace, difference).data) ** 2;
    });
  }
  return squares.map(Math.sqrt);
}
