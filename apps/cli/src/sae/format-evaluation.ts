import type { DensityHistogram, InModelMetrics, Recovered } from '@feedprint/core';
import type { SaeOnTexts } from '@feedprint/recipes';
import { alignColumns, percent } from '../tables.ts';
import { counted } from '../texts.ts';

/** An evaluation for people. */
export function formatEvaluation(evaluation: SaeOnTexts): string {
  const { kind, site, dIn, dSae, rows, texts, inModel } = evaluation;
  return [
    `${kind} SAE of ${counted(dSae, 'feature')} over the ${counted(dIn, 'unit')} of ${site}, on ${counted(rows, 'token')} of ${counted(texts, 'text')}`,
    '',
    ...alignColumns([
      ['active features per token (L0)', number(evaluation.l0)],
      ['sum of the features per token (L1)', number(evaluation.l1)],
      ['variance explained', percent(evaluation.explainedVariance)],
      ['squared error per token', number(evaluation.mse)],
      ['cosine between activation and reconstruction', number(evaluation.cosine)],
      ['length of the reconstruction', percent(evaluation.l2Ratio)],
      ['reconstruction bias (1: none)', number(evaluation.relativeReconstructionBias)],
      [
        'features alive on these tokens',
        `${percent(evaluation.alive)} (${evaluation.dead} never active)`,
      ],
    ]),
    '',
    ...(inModel
      ? inModelLines(inModel)
      : ['Not evaluated inside a model: the activations are of two models.']),
    '',
    'How often features are active (share of tokens):',
    ...histogramLines(evaluation.densityHistogram),
    '',
  ].join('\n');
}

function inModelLines({ tokens, crossEntropy, kl, ...recovered }: InModelMetrics): string[] {
  const row = (name: string, ce: number, divergence?: number): string[] => [
    name,
    ce.toFixed(4),
    divergence === undefined ? '' : divergence.toFixed(4),
  ];
  return [
    ...alignColumns(
      [
        [`Inside the model, ${tokens} predictions`, 'cross-entropy', 'KL from the model'],
        row('  as it is', crossEntropy.clean),
        row('  the reconstruction in its place', crossEntropy.reconstructed, kl.reconstructed),
        row('  the mean in its place', crossEntropy.mean, kl.mean),
        row('  zero in its place', crossEntropy.zero, kl.zero),
      ],
      new Set([1, 2]),
    ),
    '',
    ...alignColumns([
      [
        'recovered of what zero costs',
        share(recovered.crossEntropyRecovered.zero, recovered.klRecovered.zero),
      ],
      [
        'recovered of what the mean costs',
        share(recovered.crossEntropyRecovered.mean, recovered.klRecovered.mean),
      ],
    ]),
  ];
}

function share(crossEntropy: Recovered, kl: Recovered): string {
  const parts = [
    ['cross-entropy', crossEntropy],
    ['KL', kl],
  ] as const;
  return parts
    .map(
      ([name, r]) => `${name} ${r.value === null ? `not defined (${r.reason})` : percent(r.value)}`,
    )
    .join(', ');
}

/** Longest bar. */
const BAR = 40;

function histogramLines({ edges, counts }: DensityHistogram): string[] {
  const first = counts.findIndex((count) => count > 0);
  if (first < 0) return ['  no feature is ever active'];
  const last = counts.findLastIndex((count) => count > 0);
  const most = Math.max(...counts);
  const rows = counts
    .slice(first, last + 1)
    .map((count, i) => [
      `  ${bound(edges[first + i] as number)} to ${bound(edges[first + i + 1] as number)}`,
      `${count}`,
      '█'.repeat(Math.ceil((BAR * count) / most)),
    ]);
  return alignColumns(rows, new Set([1]));
}

const bound = (log10: number): string => (10 ** log10).toPrecision(2);

const number = (value: number | null): string => (value === null ? '-' : value.toPrecision(4));
