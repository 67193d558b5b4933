import type { Shares, Subspace } from '@feedprint/probe';
import type { AuditContext, LayerSite } from '../context.ts';
import { randomOf } from '../random.ts';
import { roles } from '../model-role.ts';
import type { ModelRole } from '../model-role.ts';
import { causeTexts } from './cause-texts.ts';
import type { CauseTexts } from './cause-texts.ts';
import { bothWays, candidateAt, chooseCandidate } from './choose.ts';
import type { Candidate } from './choose.ts';
import { CONTROLS, measureControls } from './controls.ts';
import type { ControlResult } from './controls.ts';
import { componentOf, hold, steering } from './exchange.ts';
import { fitSites } from './fit.ts';
import type { SiteFit } from './fit.ts';
import { firstTexts, measurePlan, shareOf, shiftsOf } from './measured.ts';
import type { Measured, Plan } from './measured.ts';
import { methodSubspaces } from './methods.ts';
import { names } from './names.ts';
import { siblingDirections } from './sibling-directions.ts';
import type { SiblingDirection } from './sibling-directions.ts';
import type { MethodSubspace, Vectors } from './methods.ts';

/** Multiples of the mean difference that are added. */
export const DOSES = [-2, -1, -0.5, 0.5, 1, 2];

export interface FindCausesOptions {
  /** Ends of all blocks, in order. */
  readonly sites: readonly LayerSite[];
  /** Vectors of dictionaries in the residual stream. */
  readonly dictionaries: readonly Vectors[];
  /** Called with numbers of texts, each counted once for every intervention. */
  onProgress(done: number, total: number): void;
}

/** What was found about the chosen direction. */
export interface FoundDirection extends Candidate {
  /** Mean difference along it, tuned minus base, `[width]`. */
  readonly mean: Float32Array;
  readonly methods: readonly MethodSubspace[];
  readonly controls: ControlResult;
  readonly siblings: readonly SiblingDirection[];
}

export interface FoundCauses {
  readonly texts: CauseTexts;
  /** On the texts for testing; `names` are those of its interventions. */
  readonly tested: Measured;
  /** Absent if no activations differ, or none that matter to the feedback. */
  readonly direction?: FoundDirection;
}

/**
 * Fits a direction at the end of every block on half of the texts, chooses one there, and tests it on the other half: exchanged
 * between the models both ways, added at several doses, beside other ways of choosing directions and random ones.
 */
export async function findCauses(
  context: AuditContext,
  options: FindCausesOptions,
): Promise<FoundCauses> {
  const { sites } = options;
  const texts = causeTexts(context);
  const last = (sites.at(-1) as LayerSite).site;
  const wholes = Object.fromEntries(sites.map(({ site }) => [names.whole(site), bothWays(site)]));
  const before = await measurePlan(context, texts.fit, { [names.whole(last)]: bothWays(last) });
  const shift = shiftsOf(before, names.whole(last));
  if (shift.base === 0 || shift.tuned === 0) {
    return { texts, tested: await measurePlan(context, texts.test, wholes) };
  }
  const fits = await fitSites(context, {
    texts: texts.fit,
    sites,
    shift,
    random: randomOf(context, 'causes tokens'),
  });
  const candidates = fits.map(candidateAt);
  const chosen = chooseCandidate(candidates, await sharesOf(context, before, candidates, last));
  const { fit, subspace } = chosen;
  const { site } = fit.site;
  const methods = methodSubspaces(fits.at(-1) as SiteFit, options.dictionaries);
  const siblings = await siblingDirections(context, { texts: texts.fit, site: fit.site, last });
  const mean = componentOf(subspace, fit.mean);
  const plan: Plan = {
    ...wholes,
    ...Object.fromEntries(
      candidates.map((each) => [
        names.direction(each.fit.site.site),
        bothWays(each.fit.site.site, each.subspace),
      ]),
    ),
    [names.held]: roles.map((model) => hold(model, site, subspace, fit.baseMean)),
    ...Object.fromEntries(
      DOSES.map((dose) => [
        names.dose(dose),
        roles.map((model) => steering(model, site, mean, dose)),
      ]),
    ),
    ...Object.fromEntries(
      siblings.map((each) => [names.sibling(each.name), bothWays(site, each.subspace)]),
    ),
    ...Object.fromEntries(
      methods.map((each) => [names.method(each), bothWays(last, each.subspace)]),
    ),
  };
  const all = interventionsIn(plan) * texts.test.length + CONTROLS * texts.beside.length;
  let done = 0;
  const onDone = (more: number): void => options.onProgress((done += more), all);
  const tested = await measurePlan(context, texts.test, plan, onDone);
  const beside = firstTexts(tested, texts.beside.length);
  const of = (model: ModelRole) => beside.of(names.direction(site), model);
  const controls = await measureControls(
    context,
    { base: of('base'), tuned: of('tuned') },
    {
      fit,
      subspace,
      texts: texts.beside,
      share: (model, { expected }) => shareOf(beside, names.whole(last), { model, expected }),
      onDone,
    },
  );
  return { texts, tested, direction: { ...chosen, mean, methods, controls, siblings } };
}

const interventionsIn = (plan: Plan): number => Object.values(plan).flat().length;

/** What the candidates do on the texts that they were fitted on. */
async function sharesOf(
  context: AuditContext,
  before: Measured,
  candidates: readonly {
    readonly fit: { readonly site: LayerSite };
    readonly subspace: Subspace;
  }[],
  last: string,
): Promise<Shares[]> {
  const plan = Object.fromEntries(
    candidates.map(({ fit: { site }, subspace }) => [
      names.direction(site.site),
      bothWays(site.site, subspace),
    ]),
  );
  const measured = await measurePlan(context, before.texts, plan);
  return candidates.map(({ fit: { site } }) => {
    const share = (model: ModelRole): number =>
      shareOf(before, names.whole(last), {
        model,
        expected: measured.of(names.direction(site.site), model).expected,
      });
    return { necessity: share('tuned'), sufficiency: share('base') };
  });
}
