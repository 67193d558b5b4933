import type { FeedbackShift } from '@feedprint/probe';
import type { CausesReport } from '@feedprint/report/chapters/causes';
import type { AuditContext, LayerSite } from '../context.ts';
import { roles } from '../model-role.ts';
import type { ModelRole } from '../model-role.ts';
import { seedOf } from '../random.ts';
import { controlFigures } from './control-figures.ts';
import { DOSES } from './find-causes.ts';
import type { FoundCauses } from './find-causes.ts';
import { klPerToken, shareWithInterval, tokensOf, total } from './measured.ts';
import type { Share } from './measured.ts';
import { names } from './names.ts';

/** What the report says about what was found. */
export function causesReport(
  context: AuditContext,
  { texts, tested, direction }: FoundCauses,
  sites: readonly LayerSite[],
): CausesReport {
  const { statistics } = context.parts;
  const seed = seedOf(context, 'causes');
  const whole = names.whole((sites.at(-1) as LayerSite).site);
  const expected = (name: string, model: ModelRole) => tested.of(name, model).expected;
  const contexts = texts.test.map(({ length }) => length);
  const shift = (from: Float64Array, to: Float64Array) =>
    statistics.shift({ from, to, contexts }, seed);
  const shifts = {
    whole: shift(expected('none', 'base'), expected('none', 'tuned')),
    tuned: shift(expected(whole, 'tuned'), expected('none', 'tuned')),
    base: shift(expected('none', 'base'), expected(whole, 'base')),
  };
  const report = {
    tokens: {
      fit: tokensOf(texts.fit),
      test: tokensOf(texts.test),
      beside: tokensOf(texts.beside),
    },
    texts: { fit: texts.fit.length, test: texts.test.length },
    shift: {
      whole: withoutVerdict(shifts.whole),
      tuned: withoutVerdict(shifts.tuned),
      base: withoutVerdict(shifts.base),
    },
  };
  if (!direction || !shifts.tuned.found || !shifts.base.found) return { ...report, ...nothing };
  const share = (name: string, model: ModelRole, outcome = expected(name, model)): Share =>
    shareWithInterval(tested, whole, { model, expected: outcome }, { statistics, seed });
  const shares = (name: string) => ({
    necessity: share(name, 'tuned'),
    sufficiency: share(name, 'base'),
  });
  const kl = (name: string) => perModel((model) => klPerToken(tested.of(name, model), texts.test));
  const { site, layer } = direction.fit.site;
  const own = shares(names.direction(site));
  // What holding the component does to the base is subtracted from what it does to the tuned model.
  const [alone, held] = [expected('none', 'base'), expected(names.held, 'base')];
  const difference = share(
    names.held,
    'tuned',
    expected(names.held, 'tuned').map((v, t) => v + (alone[t] as number) - (held[t] as number)),
  );
  const controls = controlFigures(tested, texts.beside.length, whole, direction);
  const { holds, criteria } = statistics.judgeCause({
    necessity: own.necessity.value,
    sufficiency: own.sufficiency.value,
    difference: difference.interval,
    ...controls.evidence,
  });
  return {
    ...report,
    ...controls.figures,
    difference,
    verdict: { holds, criteria: [...criteria] },
    chosen: { site, layer: layer as number },
    layers: sites.map((each) => ({
      site: each.site,
      layer: each.layer as number,
      whole: shares(names.whole(each.site)),
      direction: shares(names.direction(each.site)),
    })),
    doses: DOSES.map((dose) => ({
      dose,
      expected: perModel((model) => total(expected(names.dose(dose), model)) / report.tokens.test),
      kl: kl(names.dose(dose)),
    })),
    siblings: direction.siblings.map(({ name }) => ({
      name,
      ...shares(names.sibling(name)),
      kl: kl(names.sibling(name)),
    })),
    methods: direction.methods.map((each) => ({
      method: each.method,
      directions: each.directions,
      ...shares(names.method(each)),
      kl: kl(names.method(each)),
    })),
  };
}

/** Where there is no shift through activations whose cause could be sought. */
const nothing = {
  verdict: null,
  chosen: null,
  layers: [],
  difference: null,
  beside: null,
  controls: [],
  doses: [],
  siblings: [],
  methods: [],
} satisfies Partial<CausesReport>;

const withoutVerdict = ({ value, interval }: FeedbackShift): Share => ({ value, interval });

export const perModel = <T>(of: (model: ModelRole) => T): Record<ModelRole, T> =>
  Object.fromEntries(roles.map((model) => [model, of(model)])) as Record<ModelRole, T>;
