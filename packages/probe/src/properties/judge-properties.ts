import { benjaminiHochberg } from '../statistics/benjamini-hochberg.ts';
import { normalCdf } from '../statistics/normal.ts';
import { median } from '../statistics/quantiles.ts';
import {
  REWARDED_SHARE,
  surelyCarries,
  surelyExceeds,
  UNASKED_SHARE,
} from './carrying-properties.ts';
import { explainedByPlacebo } from './explained-by-placebo.ts';
import type { JudgedProperty, PropertyAnalysis, PropertyColumn } from './judged-property.ts';
import type { Estimate } from './learned-effects.ts';
import type { MeasuredProperty } from './effect-scope.ts';
import { measureEffects } from './measure-effects.ts';
import type { Declared, PropertyEvidence } from './property-evidence.ts';
import { BOUND } from './rewarded-properties.ts';

/**
 * Holds what was told, what the labels reward and what the tuned model prefers in fresh replies against each other,
 * property by property.
 *
 * Throws `numbers-invalid` for numbers that are not finite.
 */
export function judgeProperties(evidence: PropertyEvidence): PropertyAnalysis {
  const { counted, found, difference } = measureEffects(evidence);
  const judged = [counted, ...found].flatMap((family) => judgeFamily(family, difference.value));
  const seen = new Set(judged.map(({ name }) => name));
  const unseen = (names: readonly string[]): string[] => names.filter((name) => !seen.has(name));
  const { declared, found: lists = [] } = evidence;
  return {
    properties: [
      ...judged.toSorted(
        (a, b) => Number(b.flagged) - Number(a.flagged) || Math.abs(b.score) - Math.abs(a.score),
      ),
      ...unseen(evidence.names).map((name) => unjudged(name, declared?.get(name))),
      ...unseen(lists.flatMap(({ names }) => names)).map((name) => ({
        ...unjudged(name, undefined),
        resembles: { mostly: null, explained: 0, drawn: null },
      })),
    ],
    difference: column(difference, undefined, 2 * evidence.fresh.prompts.length),
    placebos: (evidence.placebos ?? []).map(({ name, ratios }) => ({
      name,
      explains: explainedByPlacebo(evidence.fresh.ratios, ratios),
    })),
    factor: factorOf(counted),
  };
}

/** Properties that are tested together. `difference` is that in R, nats. */
function judgeFamily(measured: readonly MeasuredProperty[], difference: number): JudgedProperty[] {
  const q = {
    inData: adjusted(measured.map(({ inData }) => inData)),
    learned: adjusted(measured.map(({ effect }) => effect.effect)),
    behaves: adjusted(measured.map(({ behaves }) => behaves)),
    reward: adjusted(measured.map(({ reward }) => reward ?? { value: 0, error: 0 })),
  };
  return measured.map((one, j): JudgedProperty => {
    const { name, deviation, declared, reward, scored, asked, inData, compared, effect } = one;
    const { behaves, alone, partner, placebo, dealt, replies, resembles, least } = one;
    return {
      name,
      deviation,
      told: reward ? column(reward, q.reward[j], scored) : declaredColumn(declared),
      declared: declared ?? null,
      asked: asked ?? null,
      inData: inData ? column(inData, q.inData[j], compared) : null,
      learned: column(effect.effect, q.learned[j], replies),
      behaves: column(behaves, q.behaves[j], replies),
      alone,
      ...verdictOf(one, difference),
      partner,
      placebo,
      dealt,
      ...(resembles && {
        resembles: {
          ...resembles,
          drawn: least !== undefined && difference > 0 ? least / difference : null,
        },
      }),
    };
  });
}

/** What the measures of a property mean. `difference` is that in R, nats. */
function verdictOf(
  { asked, inData, isRewarded, isChosen, isStandIn, effect, placebo, least = 0 }: MeasuredProperty,
  difference: number,
): Pick<JudgedProperty, 'share' | 'score' | 'verdict' | 'flagged' | 'settled'> {
  const side = Math.sign(effect.effect.value);
  const asTold = asked !== undefined && asked !== 0 && asked === side;
  const asRewarded = isRewarded && Math.sign(inData?.value ?? 0) === side;
  const isAsked = asTold || asRewarded;
  const margin = isAsked ? REWARDED_SHARE : UNASKED_SHARE;
  const carried = isAsked ? effect.carried : effect.carriedAlone;
  const { value, error } = carried;
  const isLearned =
    (isChosen || isStandIn) &&
    surelyCarries(carried, Math.max(margin, least / difference), difference) &&
    surelyExceeds(effect, placebo);
  const share =
    difference > 0
      ? {
          value: value / difference,
          low: (value - BOUND * error) / difference,
          high: (value + BOUND * error) / difference,
        }
      : null;
  const learned = asTold ? 'told' : asRewarded ? 'in-data-and-learned' : 'learned-not-in-data';
  return {
    share,
    score: asTold ? 0 : side * Math.max(0, share?.value ?? 0),
    verdict: isLearned ? learned : isRewarded && !isStandIn ? 'in-data-not-learned' : 'not-learned',
    flagged: isLearned && !asTold,
    settled: isLearned || (share !== null && share.high < margin),
  };
}

/** A property that hardly varies: nothing can be said. */
const unjudged = (name: string, declared: Declared | undefined): JudgedProperty => ({
  name,
  deviation: null,
  told: declaredColumn(declared),
  declared: declared ?? null,
  asked: declared ?? null,
  inData: null,
  learned: null,
  behaves: null,
  alone: { inData: null, learned: null },
  share: null,
  score: 0,
  verdict: 'not-learned',
  flagged: false,
  settled: false,
  partner: null,
  placebo: null,
  dealt: null,
});

const declaredColumn = (effect: Declared | undefined): PropertyColumn | null =>
  effect === undefined ? null : { effect, low: effect, high: effect, q: null, n: 0 };

const column = ({ value, error }: Estimate, q: number | undefined, n: number): PropertyColumn => ({
  effect: value,
  low: value - BOUND * error,
  high: value + BOUND * error,
  q: q ?? null,
  n,
});

/** Two-sided chances, adjusted for all properties; none where there are no estimates. */
function adjusted(estimates: readonly (Estimate | undefined)[]): readonly number[] {
  const known = estimates.filter((one) => one !== undefined);
  if (known.length < estimates.length) return [];
  return benjaminiHochberg(
    known.map(({ value, error }) => (error > 0 ? 2 * normalCdf(-Math.abs(value) / error) : 1)),
  );
}

/** What was learned per logit that the labels hold, over the properties that are told if the labels reward any of them, else over all they reward. */
function factorOf(measured: readonly MeasuredProperty[]): number | null {
  const rewarded = measured.filter(({ isRewarded, isStandIn }) => isRewarded && !isStandIn);
  const told = rewarded.filter(({ asked }) => (asked ?? 0) !== 0);
  const ratios = (told.length > 0 ? told : rewarded).map(
    ({ inData, effect }) => effect.effect.value / (inData?.value ?? NaN),
  );
  return median(ratios) ?? null;
}
