import { numberTable, percent } from '../../tables.ts';
import { counted } from '../../texts.ts';
import type { MethodScore, PairScore } from './bench-planted.ts';

const figure = (value: number | null): string => (value === null ? '-' : value.toFixed(3));
const share = (value: number | null): string => (value === null ? '-' : percent(value));

/** A table per pair, the methods in rows. */
export const formatScores = (scores: readonly PairScore[]): string =>
  scores
    .map(({ pair, base, planted, methods }) => {
      const truth = planted === 0 ? 'nothing planted' : `${counted(planted, 'word')} planted`;
      return `${pair} (from ${base}): ${truth}\n${numberTable([head, ...methods.map(row)])}`;
    })
    .join('\n');

const head = [
  'method',
  'preset',
  'AUROC',
  'n >= 20',
  'average precision',
  'precision at planted',
  'found',
  'falsely flagged',
  'seconds',
];

const row = (score: MethodScore): string[] => [
  score.method,
  score.kind === 'estimator' ? score.preset : score.kind,
  figure(score.auroc),
  figure(score.frequent.auroc),
  figure(score.averagePrecision),
  figure(score.precisionAtPlanted),
  share(score.found),
  share(score.falselyFlagged),
  score.seconds.toFixed(0),
];
