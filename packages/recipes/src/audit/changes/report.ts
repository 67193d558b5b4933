import { matrix, norm, row, takeRows } from '@feedprint/core';
import type { ChangesReport } from '@feedprint/report/chapters/changes';
import type { ChangeDictionary } from '@feedprint/sae';
import type { ChangeScore } from './change-score.ts';
import { detailed } from './measure.ts';
import type { ChangesContext, MeasuredChanges } from './measure.ts';
import { methods } from './scores.ts';
import { LEAST } from './words.ts';

const POSITIONS = 12;
const CONTEXT = 24;
const DIRECTIONS = 10;
const FEATURES = 8;
/** Number of words shown that a feature promotes or suppresses, and of words per method. */
const WORDS = { feature: 6, method: 15 } as const;
/** Beyond these relative norms, a crosscoder's feature counts as belonging to one model alone. */
const ALONE = { base: 0.1, tuned: 0.9 } as const;

/** What the report says about what was measured. */
export async function changesReport(
  context: ChangesContext,
  measured: MeasuredChanges,
  scores: readonly ChangeScore[],
): Promise<ChangesReport> {
  const { measures, models } = context;
  const { texts, changes, sites, site, dictionaries } = measured;
  const text = (token: number): string => models.tuned.tokenizer.tokenText(token);
  const sorted = changes.kl.slice().sort();
  return {
    texts: texts.rows.length,
    positions: sorted.length,
    kl: {
      mean: mean(changes.kl),
      reverse: mean(changes.reverseKl),
      quantiles: Array.from({ length: 21 }, (_, i) => {
        const at = Math.round((i / 20) * (sorted.length - 1));
        return { share: i / 20, value: sorted[at] as number };
      }),
    },
    positionsMost: measures
      .mostChanged(changes, texts.rows, { count: POSITIONS, context: CONTEXT })
      .map(({ text: t, position, kl, context: before, next, gained }) => ({
        text: texts.index[t] as number,
        position,
        kl,
        context: before.map(text),
        next: text(next),
        gained: text(gained),
      })),
    sites: sites.flatMap((info) => {
      const found = changes.sites.get(info.site);
      if (!found) return [];
      return {
        site: info.site,
        layer: info.layer ?? null,
        meanL2: found.meanL2,
        baseNorm: found.baseNorm,
        relativeL2: found.relativeL2,
        meanDifference: norm(found.meanDifference),
      };
    }),
    directions: {
      site: site.site,
      aboutZero: sharesOf(context, measured, false),
      aboutMean: sharesOf(context, measured, true),
    },
    dictionaries: await Promise.all(
      dictionaries.map((dictionary) => dictionaryReport(context, measured, dictionary)),
    ),
    methods: methodReports(measured, scores),
  };
}

const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function sharesOf(
  { measures }: ChangesContext,
  measured: MeasuredChanges,
  centred: boolean,
): number[] {
  const moments = detailed(measured).details?.moments;
  const found = moments && measures.principalDirections(moments, { count: DIRECTIONS, centred });
  return [...(found?.shares ?? [])];
}

async function dictionaryReport(
  { measures, models }: ChangesContext,
  measured: MeasuredChanges,
  dictionary: ChangeDictionary,
): Promise<ChangesReport['dictionaries'][number]> {
  const { words, isLast } = measured;
  const { name, description, dSae, l0, alive, vectors, features } = dictionary;
  const shown = features.filter(({ size }) => size > 0).slice(0, FEATURES);
  const chosen = takeRows(
    vectors,
    shown.map(({ feature }) => feature),
  );
  const effects = isLast
    ? await measures.directEffects(models.tuned, detailed(measured).baseMean, chosen)
    : matrix(shown.length, models.tuned.info.vocabularySize);
  const frequent = isLast ? words.filter(({ n }) => n >= LEAST) : [];
  const count = (is: (relativeNorm: number) => boolean): number | null => {
    const norms = features.flatMap(({ relativeNorm }) => relativeNorm ?? []);
    return norms.length === 0 ? null : norms.filter(is).length;
  };
  return {
    name,
    description,
    dSae,
    explained: dictionary.explainedVariance,
    l0,
    alive,
    tunedOnly: count((value) => value > ALONE.tuned),
    baseOnly: count((value) => value < ALONE.base),
    features: shown.map(({ feature, density, size, relativeNorm, errorRatio }, i) => {
      const moved = row(effects, i);
      const by = (sign: 1 | -1): string[] =>
        [...frequent]
          .sort((a, b) => sign * ((moved[b.token] as number) - (moved[a.token] as number)))
          .slice(0, WORDS.feature)
          .map(({ word }) => word);
      return {
        feature,
        density,
        size,
        relativeNorm,
        errorRatio,
        promotes: by(1),
        suppresses: by(-1),
      };
    }),
  };
}

/** The words that each method ranks first and last, among those that follow often enough. */
function methodReports(
  { dictionaries }: MeasuredChanges,
  scores: readonly ChangeScore[],
): ChangesReport['methods'] {
  const all = [
    ...methods,
    ...dictionaries.map(({ name }) => ({
      method: name,
      description:
        'Logit lens on the mean difference where the word comes next, as far as the dictionary reconstructs it.',
      signed: true,
    })),
  ];
  return all.flatMap((method) => {
    const own = scores
      .filter((score) => score.method === method.method && score.n >= LEAST)
      .sort((a, b) => b.value - a.value || a.token - b.token)
      .map(({ word, token, value }) => ({ word, token, value }));
    if (own.length === 0) return [];
    const lowest = method.signed ? own.slice(-WORDS.method).reverse() : [];
    return { ...method, highest: own.slice(0, WORDS.method), lowest };
  });
}
