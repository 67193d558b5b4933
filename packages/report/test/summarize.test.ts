import { describe, expect, test } from '@jest/globals';
import type { WordReport } from '../src/chapters/words/index.ts';
import { minimalReport } from './fixtures/minimal-report.ts';
import { auditReport } from './fixtures/whole-report.ts';
import type { AuditReport } from './fixtures/whole-report.ts';

const summarize = (found: AuditReport): string[] => auditReport.summarize(found).summary;

const measure = (value: number | null) => ({
  value,
  interval: value === null ? null : { low: value - 0.1, high: value + 0.1, method: 'bca' as const },
  n: 40,
});
const measures = (tau: number | null, signs: number | null) => ({
  tauB: measure(tau),
  spearman: measure(null),
  pearson: measure(null),
  signAccuracy: measure(signs),
  auroc: measure(null),
});

const advantage = (matched: boolean | null) => {
  const one = { value: null, interval: null, matched };
  return { tauB: one, spearman: one, pearson: one, signAccuracy: one, auroc: one };
};
const control = (name: string, tau: number, matched: boolean | null = false) => ({
  control: name,
  description: '',
  ...measures(tau, null),
  advantage: advantage(matched),
});
const estimator = (name: string, tau: number, controls: readonly ReturnType<typeof control>[]) => ({
  estimator: name,
  description: '',
  ...measures(tau, 0.8),
  flagged: 0,
  controls: [...controls],
});

const words = (flagged: number, all = 40): WordReport[] =>
  Array.from({ length: all }, (_, i) => ({
    word: `w${i}`,
    token: i,
    stated: 1,
    estimate: 0,
    interval: { low: 0, high: 0 },
    n: 1,
    drift: 0,
    expected: 0,
    score: -i,
    reversed: 0,
    q: 1,
    power: null,
    detectable: null,
    flagged: i < flagged,
  }));

const nothing = { value: null, interval: null, difference: null, p: null };

const run = (
  kind: 'none' | 'related' | 'carriers' | 'random',
  change: number | null,
  {
    features = 0,
    against = null,
    p = null,
  }: { features?: number; against?: 'related' | 'carriers' | null; p?: number | null } = {},
) => ({
  name: kind,
  kind,
  against,
  draw: null,
  features,
  density: 0,
  n: 64,
  expected: {
    ...nothing,
    difference:
      change === null
        ? null
        : { value: change / 100, interval: { low: change / 100, high: change / 100 } },
    p,
  },
  kl: nothing,
  logProbBase: nothing,
  repeated: nothing,
  reward: {
    value: 3 + (change ?? 0),
    interval: null,
    difference:
      change === null
        ? null
        : { value: change, interval: { low: change - 0.5, high: change + 0.5 } },
    p,
  },
});

const site = (unmodified: number, zeroed: number, recovered: number | null) => ({
  site: 's',
  unmodified,
  reconstructed: unmodified,
  zeroed,
  recovered,
});

const verdict = (
  found: AuditReport['verdict']['words']['verdict'],
  effect: number | null,
): AuditReport['verdict'] => ({
  words: {
    verdict: found,
    effect,
    interval: effect === null ? null : { low: effect - 0.1, high: effect + 0.1 },
    n: 340,
  },
  placebos: { models: [], dealt: { deals: 20, learned: 0, reversed: 0 }, withdrawn: null },
  siblings: null,
});

function report(changes: Partial<AuditReport> = {}) {
  return {
    ...minimalReport(),
    verdict: verdict('learned', 0.84),
    words: words(0),
    feedback: { name: 'vader', range: [-4, 4] },
    texts: { count: 60, truncated: 0, unscoredWords: 0 },
    attribution: { contradicting: { words: 2, tested: 200, flagged: 7 } },
    agreement: estimator('log-ratio', 0.62, [control('base model', 0.03), control('length', 0)]),
    estimators: [],
    divergence: [
      { layer: 0, l2: 1, relativeL2: 0.1, kept: true },
      { layer: 1, l2: 12.4, relativeL2: 0.1, kept: true },
    ],
    validation: {
      enrichment: {
        oddsRatio: 3.4,
        control: { oddsRatios: [0.8, 1.1, 1.9], median: 1.1, p: 1 / 21 },
      },
      ablation: [
        run('none', null),
        run('related', -2, { features: 5, p: 1 / 3 }),
        run('random', -0.1, { features: 5, against: 'related' }),
        run('random', 0.2, { features: 5, against: 'related' }),
        run('carriers', -1, { features: 6, p: 0.04 }),
        run('random', -0.3, { features: 6, against: 'carriers' }),
        run('random', -0.2, { features: 6, against: 'carriers' }),
      ],
      crossEntropy: [site(4, 5, 0.9), site(4, 6, 0.7)],
    },
    ...changes,
  } as AuditReport;
}

describe('summarize', () => {
  test('says in eight sentences what was found, each with its numbers and what they compare with', () => {
    expect(summarize(report({ words: words(2) }))).toEqual([
      'The model learned the stated vader feedback, but learned 2 of 40 words against it: "w0", "w1" (false discovery rate 5 %).',
      'Beyond word frequency, the rank correlation of learned and stated feedback is 0.84 (95 % interval 0.74 to 0.94).',
      '7 of 200 features push mis-learned words in the wrong direction more strongly than words of the same frequency, or of the same shift.',
      "Learned and stated feedback agree with a Kendall's tau-b of 0.62 (95 % interval 0.52 to 0.72) over 40 words, compared with 0.03 for the base model alone. The sign agrees for 80 % of 40 words. No control matches this agreement (base model, length).",
      'Ablating the 5 features labelled as related changes the mean feedback per completion (3.00, n = 64) by -2.00 (95 % interval -2.50 to -1.50; p = 0.33) and the expected feedback per token by -0.0200 (p = 0.33), where p is the rank among 2 frequency-matched random sets. Ablating random sets has as large an effect on both.',
      'Ablating the 6 features carrying most of the shift changes the mean feedback per completion (3.00, n = 64) by -1.00 (95 % interval -1.50 to -0.50; p = 0.04) and the expected feedback per token by -0.0100 (p = 0.04), where p is the rank among 2 frequency-matched random sets.',
      'The odds that a token carries strong stated feedback are 3.40 times as high where a related feature is active (frequency-matched random features: median 1.10, maximum 1.90, p = 0.05).',
      "Tuning moved layer 1 furthest (L2 12). The sparse autoencoders recover 70.0 % to 90.0 % of each site's cross-entropy contribution.",
    ]);
  });

  test('uses the singular for one', () => {
    const one = { ...run('carriers', -1, { features: 1, p: 0.5 }) };
    const { validation, attribution } = report();
    const said = summarize(
      report({
        words: words(1),
        attribution: {
          ...attribution,
          contradicting: { ...attribution.contradicting, flagged: 1 },
        },
        validation: {
          ...validation,
          ablation: [
            run('none', null),
            one,
            run('random', -1, { features: 1, against: 'carriers' }),
          ],
        },
        estimators: [
          estimator('log-ratio', 0.62, []),
          estimator('paper probe', 0.2, [control('length', 0.2, true)]),
        ],
      }),
    ).join('\n');
    expect(said).toMatch(/ but learned 1 of 40 words against it: "w0" \(/);
    expect(said).toMatch(/^1 of 200 features pushes mis-learned words/m);
    expect(said).toMatch(/^1 other estimator does no better than its controls, so it is no/m);
    expect(said).toMatch(
      /^Ablating the 1 feature carrying .* among 1 frequency-matched random set\./m,
    );
  });

  test('names twelve words at most', () => {
    const [first] = summarize(report({ words: words(14) }));
    expect(first).toMatch(/ but learned 14 of 40 words .*"w11" and 2 more \(/);
    expect(first).not.toContain('"w12"');
  });

  test('says that no word contradicts, that nothing is related, that nothing can be computed', () => {
    const { agreement, validation } = report();
    const sentences = summarize(
      report({
        agreement: { ...agreement, ...measures(null, null) },
        validation: { ...validation, ablation: [run('none', null)] },
      }),
    );
    expect(sentences[0]).toMatch(
      /^The model learned the stated vader feedback, and none of the 40 words scored contradicts it/,
    );
    expect(sentences[2]).toMatch(/^Agreement cannot be computed/);
    expect(sentences[3]).toMatch(/^None of the features examined was classified as related/);
  });

  test('says where a control does as well as the main estimator', () => {
    const matched = [control('base model', 0.6, true), control('length', 0)];
    const [, , agreement] = summarize(report({ agreement: estimator('log-ratio', 0.62, matched) }));
    expect(agreement).toMatch(
      /, compared with 0\.60 for the base model alone\..* This agreement is matched by base model, so it need not come from learned feedback\.$/,
    );
    const unknown = estimator('log-ratio', 0.62, [control('base model', 0.1, null)]);
    expect(summarize(report({ agreement: unknown }))[2]).toMatch(/of 40 words\.$/);
  });

  test('names the other estimators that do no better than something that cannot know', () => {
    const estimators = [
      estimator('log-ratio', 0.62, [control('base model', 0.6, true)]),
      estimator('clear', 0.5, [control('base model', 0.1)]),
      estimator('paper probe', 0.2, [
        control('base model', 0.2, true),
        control('shuffled labels', 0),
        control('length', 0.1, true),
      ]),
      estimator('raw activations', 0.2, [control('untrained model', 0.2, true)]),
    ];
    expect(summarize(report({ estimators }))[3]).toBe(
      '2 other estimators do no better than their controls, so they are no evidence of learned feedback: paper probe (base model, length); raw activations (all).',
    );
  });

  test('says first whether the feedback was learned at all, and names words only where it was', () => {
    const first = (found: AuditReport['verdict']['words']['verdict'], effect: number | null) =>
      summarize(report({ verdict: verdict(found, effect), words: words(0) }))[0];
    expect(first('reversed', -0.84)).toBe(
      'The model learned the opposite of the stated vader feedback (rank correlation with it, beyond word frequency: -0.84, 95 % interval -0.94 to -0.74, 340 words). Check the sign of the reward, or that base and tuned are not swapped.',
    );
    expect(first('unrelated', 0.05)).toBe(
      'What changed between these models has nothing to do with the stated vader feedback (rank correlation with it, beyond word frequency: 0.05, 95 % interval -0.05 to 0.15, 340 words), so no word is called mis-learned.',
    );
    expect(first('undecided', null)).toBe(
      'Whether the stated vader feedback was learned cannot be told (rank correlation with it, beyond word frequency: not defined, 340 words), so no word is called mis-learned.',
    );
    expect(first('learned', 0.84)).toMatch(
      /^The model learned the stated vader feedback, and none /,
    );
  });

  test('leaves sites out that carry nothing, and says one share once', () => {
    const { validation } = report();
    const last = (crossEntropy: AuditReport['validation']['crossEntropy']) =>
      summarize(report({ validation: { ...validation, crossEntropy } })).at(-1);
    expect(last([site(4, 5, 0.9), site(4, 3.9, null)])).toMatch(
      / recover 90\.0 % of the cross-entropy contribution of the 1 site \(of 2\) that the model does worse without\.$/,
    );
    expect(last([site(4, 3.9, null)])).toBe('Tuning moved layer 1 furthest (L2 12).');
  });
});
