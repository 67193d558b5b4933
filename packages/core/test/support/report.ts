import type { AgreementMeasuresReport, AuditReport } from '../../src/index.ts';

const nothing = { value: null, interval: null, n: 0 };
const some = { value: 0.5, interval: { low: 0.25, high: 0.75, method: 'bca' as const }, n: 9 };
const measures: AgreementMeasuresReport = {
  tauB: some,
  spearman: nothing,
  pearson: nothing,
  signAccuracy: nothing,
  auroc: nothing,
};

/** A report on a model of one layer in which little was measured. */
export function smallReport(): AuditReport {
  return {
    schema: 'feedprint-report/1',
    feedprint: '0.1.0',
    name: 'small',
    createdAt: '2026-11-22T10:15:00Z',
    seconds: 0.4,
    models: {
      base: 'base',
      tuned: 'tuned',
      architecture: 'gpt_neox',
      layers: 1,
      width: 4,
      parameters: 100,
      baseFingerprint: 'a',
      tunedFingerprint: 'b',
    },
    feedback: { name: 'none', range: [0, 0] },
    texts: {
      file: 'texts.txt',
      count: 0,
      tokens: 0,
      truncated: 0,
      scoredTokens: 0,
      unscoredWords: 0,
    },
    settings: {},
    summary: ['One finding.'],
    divergence: [{ layer: 0, l2: 1, relativeL2: 0.1, kept: true }],
    saes: [],
    matching: [],
    attribution: {
      shift: 0.1,
      explained: 0.5,
      explainedBase: 0,
      features: 3,
      positions: 100,
      change: null,
      contradicting: { words: 0, tested: 0, flagged: 0 },
    },
    contrast: { triples: 0, words: 0, meanPositive: 0, meanNegative: 0 },
    agreement: {
      estimator: 'log-ratio',
      description: 'main',
      ...measures,
      controls: [],
      flagged: 0,
    },
    estimators: [],
    line: null,
    words: [],
    features: [],
    heatTexts: [],
    validation: {
      enrichment: {
        oddsRatio: null,
        p: null,
        n: 0,
        table: [
          [0, 0],
          [0, 0],
        ],
        control: null,
      },
      ablation: [],
      crossEntropy: [],
    },
    replies: null,
    preferences: null,
  };
}
