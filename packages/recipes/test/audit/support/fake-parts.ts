import { matrix } from '@feedprint/core';
import type { Edit, Labeler, Recovered, Part } from '@feedprint/core';
import type { Agreement, AuditStatistics, ProbabilityEstimator } from '@feedprint/probe';
import type { AuditParts } from '../../../src/audit/parts.ts';
import { createFakeModel, idOf, pushed, stated, words } from './fake-model.ts';
import { fakePreferences } from './fake-preferences.ts';
import { axisFormat, axisTrainer } from './fake-sae.ts';
import { createJsonStoreFormat } from './fake-store.ts';

const nothing = { value: null, interval: null, n: 0 };
const total = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0);

const noAdvantage = { value: null, interval: null, matched: null };

const agreement: AuditStatistics['agreement'] = (estimates, against): Agreement => {
  const right = Array.from(estimates).filter((v, i) => v * (against[i] as number) > 0).length;
  const share = { value: right / against.length, interval: null, n: against.length };
  return {
    tauB: nothing,
    spearman: nothing,
    pearson: nothing,
    signAccuracy: share,
    auroc: nothing,
  };
};

/** Whether the values are those of the fake words, some perhaps left out, in order of their ids. */
function inOrder(values: ArrayLike<number>): boolean {
  let at = 0;
  for (const value of Object.values(stated)) if (value === values[at]) at++;
  return at === values.length;
}

/** Statistics without chance: sums, shares and signs. */
const statistics: AuditStatistics = {
  name: 'fake',
  settings: {},
  impliedReward: ({ base, tuned }) =>
    Array.from({ length: base.columns }, (_, w) => {
      const column = (data: Float32Array): number =>
        total(data.filter((_v, i) => i % base.columns === w));
      const expectedCount = column(base.data);
      const estimate = Math.log(column(tuned.data) / expectedCount);
      const interval = { low: estimate - 0.1, high: estimate + 0.1 };
      return { estimate, standardError: 0.05, interval, expectedCount };
    }),
  agreement,
  compare: (estimator, controls, seed) => {
    const own = agreement(estimator.estimates, estimator.stated, seed);
    return {
      agreement: own,
      controls: controls.map(({ estimates, stated: against }) => {
        const theirs = agreement(estimates, against, seed);
        const value = (own.signAccuracy.value ?? 0) - (theirs.signAccuracy.value ?? 0);
        const interval = { low: value, high: value, method: 'percentile' as const };
        return {
          agreement: theirs,
          advantage: {
            tauB: noAdvantage,
            spearman: noAdvantage,
            pearson: noAdvantage,
            signAccuracy: { value, interval, matched: value <= 0 },
            auroc: noAdvantage,
          },
        };
      }),
    };
  },
  judgeCause: () => ({ holds: false, criteria: [] }),
  // Feedback in another order was dealt out.
  judge: ({ estimates, stated: against }) => ({
    verdict: inOrder(against) ? 'learned' : 'unrelated',
    effect: 1,
    interval: { low: 0.9, high: 1 },
    n: estimates.length,
  }),
  contradictions: (estimates, against) =>
    Array.from(estimates, (estimate, i) => {
      const score = -Math.sign(against[i] as number) * estimate;
      return Number.isNaN(estimate)
        ? null
        : { expected: 0, score, reversed: 0.5, q: 0.5, flagged: score > 0 };
    }),
  // All of the shift goes with the first feature.
  attribute: (features, shift) => {
    const contributions = matrix(shift.columns, features.columns);
    for (let w = 0; w < shift.columns; w++) {
      const column = shift.data.filter((_v, i) => i % shift.columns === w);
      contributions.data[w * features.columns] = total(column) / shift.rows;
    }
    return { contributions, explained: 1 };
  },
  // Nothing goes through any change.
  attributeChange: ({ wDec, word, words: number }) => ({
    contributions: matrix(number, wDec.rows),
    total: new Float64Array(number),
    error: new Float64Array(number),
    n: Int32Array.from({ length: number }, (_, w) => word.filter((each) => each === w).length),
  }),
  // The first feature pushes the words learned against.
  featureDiscrepancies: ({ columns }, all) =>
    Array.from({ length: columns }, (_, f) => {
      const against = all.flatMap(({ flagged }, w) => (flagged ? [w] : []));
      const flagged = f === 0 && against.length > 0;
      const p = flagged ? 0.01 : 0.9;
      return {
        push: flagged ? 1 : 0,
        expected: 0,
        shifted: 0,
        score: flagged ? 3 : 0,
        p,
        q: p,
        flagged,
        words: flagged ? against : [],
      };
    }),
  texts: () => undefined,
  shift: ({ from, to }) => {
    const value = total(to) - total(from);
    return { value, interval: { low: value, high: value }, found: value !== 0 };
  },
  shareOfShift: ({ from, to, edited }) => {
    const share = (total(edited) - total(from)) / (total(to) - total(from));
    return { share, interval: { low: share, high: share } };
  },
  enrichment: ([[a, b], [c, d]]) => ({ oddsRatio: b * c > 0 ? (a * d) / (b * c) : null, p: 0.5 }),
  mean: (values) => {
    const value = total(values) / values.length;
    return { value, interval: { low: value, high: value } };
  },
};

const estimator: ProbabilityEstimator = {
  name: 'plain',
  settings: {},
  reads: 'probabilities',
  estimate: (input) => ({
    estimator: 'plain',
    description: 'the estimates as they are',
    estimates: input.words.map(({ estimate }) => estimate),
    intervals: input.words.map(({ interval }) => interval),
    n: input.words.map(({ n }) => n),
    contradictions: input.words.map(({ stated: told, estimate }) => {
      const score = -Math.sign(told) * estimate;
      const p = score > 0 ? 0.01 : 0.99;
      return { expected: told / 2, score, reversed: 1 - p, q: p, flagged: score > 0 };
    }),
    line: { coefficients: [0, 0.5, 0, 0], spread: 1 },
  }),
  controls: ({ words: all }) => [
    {
      control: 'opposite',
      description: 'the wrong way round',
      estimates: all.map(({ estimate }) => -estimate),
      intervals: all.map(() => null),
      n: all.map(({ n }) => n),
    },
  ],
};

/** Says what a feature's first window's strongest token is; the one that is always active is related. */
const labeler: Labeler = {
  name: 'fake',
  settings: {},
  explain: ({ id }) => Promise.resolve(`feature ${id}`),
  classify: (explanation) =>
    Promise.resolve({ related: explanation.endsWith('/0'), confidence: 1 }),
  score: () => Promise.resolve({ balancedAccuracy: 1, n: 2 }),
};

/** Cross-entropies alone, and no KL divergence; mean ablation is not tried. */
const evaluateInModel: AuditParts['saeMetrics']['inModel'] = async (
  model,
  { site, reconstruct },
  texts,
) => {
  const tokens = texts.reduce((sum, { length }) => sum + length - 1, 0);
  const loss = async (edits: readonly Edit[]): Promise<number> => {
    const { tokenLogProbs } = await model.run(texts, { tokenLogProbs: true, edits });
    return -total(tokenLogProbs ?? []) / tokens;
  };
  const clean = await loss([]);
  const reconstructed = await loss([reconstruct()]);
  const zero = await loss([{ site, apply: (x) => matrix(x.rows, x.columns) }]);
  const cost = zero - clean;
  const none: Recovered = { value: null, reason: 'not measured' };
  return {
    site,
    tokens,
    crossEntropy: { clean, reconstructed, zero, mean: clean },
    kl: { reconstructed: 0, zero: 0, mean: 0 },
    crossEntropyRecovered: {
      zero: cost < 0.01 ? none : { value: (zero - reconstructed) / cost },
      mean: none,
    },
    klRecovered: { zero: none, mean: none },
  };
};

/** What tells a part from another one. */
export const plain = (name: string): Part => ({ name, settings: {} });

/** Parts of an audit written against the contracts alone. */
/** Parts of an audit to which something is stated of words. */
export type FakeParts = AuditParts & Required<Pick<AuditParts, 'signal' | 'labeler'>>;

export function createFakeParts(changes: Partial<FakeParts> = {}): FakeParts {
  return {
    loadModel: (folder) =>
      Promise.resolve(
        folder === 'base' ? createFakeModel('base', {}) : createFakeModel('tuned', pushed),
      ),
    divergence: { ...plain('divergence'), measure: () => [{ layer: 0, l2: 2, relativeL2: 0.5 }] },
    activations: createJsonStoreFormat(),
    trainer: axisTrainer,
    saeFormat: axisFormat,
    saeMetrics: {
      ...plain('metrics'),
      inModel: evaluateInModel,
      onRows: async (sae, rows) => {
        const z = await sae.encode(rows);
        const density = Float32Array.from({ length: sae.dSae }, (_, f) => {
          const active = z.data.filter((v, i) => i % sae.dSae === f && v > 0).length;
          return active / rows.rows;
        });
        return {
          rows: rows.rows,
          l0: 2,
          l1: 2,
          fvu: 0,
          explainedVariance: 1,
          explainedVariancePerDimension: new Array<number>(sae.dIn).fill(1),
          mse: 0,
          cosine: 1,
          l2Ratio: 1,
          relativeReconstructionBias: 1,
          alive: 1,
          dead: 0,
          density,
          densityHistogram: { edges: [-8, 0], counts: [sae.dSae] },
        };
      },
    },
    matcher: {
      ...plain('matcher'),
      match: async (a) => ({
        mmcs: 1,
        matches: Array.from({ length: a.dSae }, (_, feature) => ({
          feature,
          match: feature,
          similarity: 1,
        })),
      }),
    },
    randomizer: { ...plain('randomizer'), randomize: (sae) => sae },
    signal: {
      name: 'fake feedback',
      granularity: 'token',
      range: [-3, 3],
      score: async (examples) => examples.map((text) => stated[text.slice(1)]),
    },
    scoredWords: async () =>
      words.flatMap((word) => {
        const value = stated[word];
        return value === undefined ? [] : [{ id: idOf(word), word, stated: value }];
      }),
    triples: {
      ...plain('triples'),
      make: async ({ texts, tokenizer }) => ({
        triples: [
          {
            text: 0,
            offset: 1,
            position: 1,
            original: 'good',
            context: [...tokenizer.encode(texts[0] as string)].slice(0, 1),
            positive: [idOf('good')],
            neutral: [idOf('film')],
            negative: [idOf('bad')],
          },
        ],
        dropped: {},
      }),
    },
    estimators: [estimator],
    statistics,
    preferences: fakePreferences,
    labeler,
    ...changes,
  };
}
