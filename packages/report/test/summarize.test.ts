import { describe, expect, test } from '@jest/globals';
import type { WordReport } from '../src/chapters/words/index.ts';
import { auditReport } from './fixtures/whole-report.ts';
import type { AuditReport } from './fixtures/whole-report.ts';

const { summarize } = auditReport;

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
    expected: 0,
    score: -i,
    p: 1,
    q: 1,
    flagged: i < flagged,
    features: [],
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

function report(changes: Partial<AuditReport> = {}) {
  return {
    words: words(0),
    feedback: { name: 'vader', range: [-4, 4] },
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
  test('says in seven sentences what was found, each with its numbers and what they compare with', () => {
    expect(summarize(report({ words: words(2) }))).toEqual([
      '2 of 40 words were learned against the stated vader feedback: "w0", "w1" (false discovery rate 5 %).',
      '7 of 200 features push the words learned against their feedback further against it than other words of like frequency.',
      "Learned and stated feedback agree with Kendall's tau-b 0.62 (95 % interval 0.52 to 0.72) over 40 words; the base model alone gives 0.03. The sign agrees for 80 % of 40 words. No control matches it (base model, length).",
      'Without the 5 features that are labelled as related the mean feedback of a completion (3.00, n = 64) changes by -2.00 (95 % interval -2.50 to -1.50; p = 0.33), the expected feedback of a token by -0.0200 (p = 0.33) among 2 draws of as many random features of like frequency: random features match both.',
      'Without the 6 features that carry most of the shift the mean feedback of a completion (3.00, n = 64) changes by -1.00 (95 % interval -1.50 to -0.50; p = 0.04), the expected feedback of a token by -0.0100 (p = 0.04) among 2 draws of as many random features of like frequency.',
      'The odds that a token carries strong stated feedback are 3.40 times as high where a related feature is active (random features of like frequency: 1.10 in the middle, 1.90 at most, p = 0.05).',
      'Tuning moved layer 1 furthest (L2 12). The sparse autoencoders recover 70 % to 90 % of the cross-entropy that each site carries.',
    ]);
  });

  test('names twelve words at most', () => {
    const [first] = summarize(report({ words: words(14) }));
    expect(first).toMatch(/^14 of 40 words .*"w11" and 2 more \(/);
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
    expect(sentences[0]).toMatch(/^No word of 40 scored contradicts the stated vader feedback/);
    expect(sentences[1]).toMatch(/do not allow an agreement/);
    expect(sentences[2]).toMatch(/^None of the features examined was classified as related/);
  });

  test('says where a control does as well as the main estimator', () => {
    const matched = [control('base model', 0.6, true), control('length', 0)];
    const [, agreement] = summarize(report({ agreement: estimator('log-ratio', 0.62, matched) }));
    expect(agreement).toMatch(
      /the base model alone gives 0\.60\..* It is matched by base model: what it shows need not be learned feedback\.$/,
    );
    const unknown = estimator('log-ratio', 0.62, [control('base model', 0.1, null)]);
    expect(summarize(report({ agreement: unknown }))[1]).toMatch(/of 40 words\.$/);
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
    expect(summarize(report({ estimators }))[2]).toBe(
      'No better than controls, so no evidence of learned feedback: paper probe (base model, length); raw activations (all).',
    );
  });

  test('leaves sites out that carry nothing, and says one share once', () => {
    const { validation } = report();
    const last = (crossEntropy: AuditReport['validation']['crossEntropy']) =>
      summarize(report({ validation: { ...validation, crossEntropy } })).at(-1);
    expect(last([site(4, 5, 0.9), site(4, 3.9, null)])).toMatch(
      / recover 90 % of the cross-entropy/,
    );
    expect(last([site(4, 3.9, null)])).toBe('Tuning moved layer 1 furthest (L2 12).');
  });
});
