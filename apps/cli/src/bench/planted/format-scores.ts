import { numberTable, percent } from '../../tables.ts';
import type { EstimatorScore, PairScore } from './bench-planted.ts';

const figure = (value: number | null): string => (value === null ? '-' : value.toFixed(3));
const share = (value: number | null): string => (value === null ? '-' : percent(value));

/** A table per pair, the estimators in rows. */
export const formatScores = (scores: readonly PairScore[]): string =>
  scores
    .map(({ pair, base, planted, estimators }) => {
      const truth = planted === 0 ? 'nothing planted' : `${planted} words planted`;
      return `${pair} (from ${base}): ${truth}\n${numberTable([head, ...estimators.map(row)])}`;
    })
    .join('\n');

const head = [
  'estimator',
  'preset',
  'AUROC',
  'n >= 20',
  'average precision',
  'precision at planted',
  'found',
  'falsely flagged',
  'seconds',
];

const row = (score: EstimatorScore): string[] => [
  score.estimator,
  score.preset,
  figure(score.auroc),
  figure(score.frequent.auroc),
  figure(score.averagePrecision),
  figure(score.precisionAtPlanted),
  share(score.found),
  share(score.falselyFlagged),
  score.seconds.toFixed(0),
];
