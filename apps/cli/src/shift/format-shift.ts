import type { ShiftReport } from '@feedprint/report/chapters/shift';
import { alignColumns, percent } from '../tables.ts';
import { counted } from '../texts.ts';

const ranks = { unshifted: '1', marginal: '2 or 3', shifted: 'above 3' } as const;
/** Rows of the table of positions at most. */
const ROWS = 8;
const SHOWN = 12;

/** A report for people: the three classes, positions in a few rows, the tokens that were shifted most often. */
export function formatShift(
  { base, tuned }: { readonly base: string; readonly tuned: string },
  shift: ShiftReport,
): string {
  const { all, prompts, kl } = shift;
  const { value, interval } = kl;
  const lines = [
    `${counted(all.tokens, 'token')} that ${tuned} added to ${counted(prompts, 'prompt')}, ranked by ${base}`,
    '',
    ...classLines(shift),
  ];
  if (value !== null && interval) {
    lines.push(
      '',
      `KL(tuned || base) where they were added: ${value.toFixed(4)} nats (95 % interval ${interval.low.toFixed(4)} to ${interval.high.toFixed(4)})`,
      '',
      ...positionLines(shift),
    );
  }
  if (shift.shiftedTokens.length > 0) lines.push('', ...tokenLines(shift));
  return `${lines.join('\n')}\n`;
}

function classLines({ classes, all }: ShiftReport): string[] {
  const rows = [
    ['', 'rank', 'tokens', 'share', '95 % interval', 'log p/p', 'scored', 'stated'],
    ...classes.map(({ class: name, share, interval, ...figures }) => [
      name,
      ranks[name],
      `${figures.tokens}`,
      percent(share),
      interval ? `${percent(interval.low)} to ${percent(interval.high)}` : '-',
      ...alignment(figures),
    ]),
    ['all', '', `${all.tokens}`, '', '', ...alignment(all)],
  ];
  return [
    ...alignColumns(rows, new Set([1, 2, 3, 4, 5, 6, 7])),
    '',
    'log p/p: mean log of tuned over base probability; scored: share that the feedback scores; stated: their mean feedback',
  ];
}

const alignment = ({ logRatio, scored, stated }: ShiftReport['all']): string[] => [
  signed(logRatio),
  percent(scored),
  signed(stated),
];

/** Positions put together in ranges of equal length. */
function positionLines({ positions }: ShiftReport): string[] {
  const length = Math.ceil(positions.length / ROWS);
  const ranges = Array.from({ length: Math.ceil(positions.length / length) }, (_, i) =>
    positions.slice(i * length, (i + 1) * length),
  );
  const rows = ranges.map((some) => {
    const n = some.reduce((sum, each) => sum + each.n, 0);
    const mean = (key: 'unshifted' | 'marginal' | 'shifted' | 'kl'): number =>
      some.reduce((sum, each) => sum + each.n * each[key], 0) / n;
    const [first, last] = [some[0]?.position ?? 0, some.at(-1)?.position ?? 0];
    return [
      first === last ? `${first + 1}` : `${first + 1} to ${last + 1}`,
      `${n}`,
      percent(mean('unshifted')),
      percent(mean('marginal')),
      percent(mean('shifted')),
      mean('kl').toFixed(4),
    ];
  });
  const head = ['token', 'prompts x tokens', 'unshifted', 'marginal', 'shifted', 'KL'];
  return alignColumns([head, ...rows], new Set([1, 2, 3, 4, 5]));
}

function tokenLines({ shiftedTokens }: ShiftReport): string[] {
  const rows = shiftedTokens
    .slice(0, SHOWN)
    .map(({ text, count, added, rank, logRatio, stated }) => [
      JSON.stringify(text),
      `${count} of ${added}`,
      rank.toFixed(1),
      signed(logRatio),
      signed(stated),
    ]);
  const head = ['shifted most', 'times', 'mean rank', 'log p/p', 'stated'];
  return alignColumns([head, ...rows], new Set([1, 2, 3, 4]));
}

const signed = (value: number | null): string =>
  value === null ? '-' : `${value > 0 ? '+' : ''}${value.toFixed(2)}`;
